# Must print EPERM
# group: memory
# attacks: mmap
from executor.attacks.guest.attack import ANONYMOUS, PRIVATE, READ, WRITE, map_memory, say

# MAP_GROWSDOWN: the kernel counts it as a stack, so no limit of memory would see it.
say(map_memory(READ | WRITE, PRIVATE | ANONYMOUS | 0x100, size=1 << 30))
