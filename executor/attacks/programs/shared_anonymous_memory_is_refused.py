# Must print EPERM EPERM
# group: memory
# attacks: mmap
# RLIMIT_DATA does not count it: it would be memory without a limit.
from executor.attacks.guest.attack import ANONYMOUS, READ, SHARED, WRITE, map_memory, say

say(map_memory(READ | WRITE, SHARED | ANONYMOUS), map_memory(READ | WRITE, 3 | ANONYMOUS))
