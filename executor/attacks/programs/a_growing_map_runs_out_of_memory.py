# Must print ENOMEM
# group: memory
# behind: node
# attacks: mremap mmap rlimits
from executor.attacks.guest.attack import ANONYMOUS, PRIVATE, READ, WRITE, call, map_memory, say

page = map_memory(READ | WRITE, PRIVATE | ANONYMOUS)
say(call("mremap", page, 4096, 1 << 30, 1))
