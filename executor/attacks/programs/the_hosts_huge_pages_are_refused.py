# Must print EPERM
# group: memory
# attacks: mmap
from executor.attacks.guest.attack import ANONYMOUS, PRIVATE, READ, WRITE, map_memory, say

# MAP_HUGETLB takes from what an administrator has set aside for a database.
say(map_memory(READ | WRITE, PRIVATE | ANONYMOUS | 0x40000, size=2 << 20))
