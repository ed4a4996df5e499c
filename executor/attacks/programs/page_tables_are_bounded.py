# Must print ENOMEM
# group: memory
# attacks: mmap rlimits
from executor.attacks.guest.attack import PRIVATE, READ, ANONYMOUS, map_memory, say

# Reading one byte in each 2 MiB costs 4 KiB of tables, which count neither as data nor as resident.
say(map_memory(READ, PRIVATE | ANONYMOUS | 0x4000, size=200 << 30))
