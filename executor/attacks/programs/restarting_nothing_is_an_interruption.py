# Must print EINTR
# group: kernel
# attacks: restart_syscall
from executor.attacks.guest.attack import call, say

say(call("restart_syscall"))
