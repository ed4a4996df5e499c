# Must run out of memory
# group: memory
# attacks: mmap mprotect watchdog
import ctypes
import time

from executor.attacks.guest.attack import ANONYMOUS, PRIVATE, READ, WRITE, map_memory

# Filled, then made read-only: RLIMIT_DATA forgets it.
library = ctypes.CDLL(None)
for _ in range(32):
    at = map_memory(READ | WRITE, PRIVATE | ANONYMOUS, size=16 << 20)
    ctypes.memset(at, 1, 16 << 20)
    library.mprotect(ctypes.c_void_p(at), ctypes.c_size_t(16 << 20), READ)
time.sleep(60)
