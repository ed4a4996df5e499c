# Must print EPERM EPERM
# group: kernel
# attacks: personality
from executor.attacks.guest.attack import call, say

say(call("personality", 0x0040000), call("personality", 0x0400000))  # ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC
