# Must die by SIGBUS
# group: memory
# attacks: mmap ftruncate tmpfs
import ctypes
import os

from executor.attacks.guest.attack import READ, SHARED, WRITE, map_memory

# Shared files are not counted as memory; what lies behind them is the 16 MiB of scratch.
for number in range(3):
    file = os.open(f"/tmp/{number}", os.O_RDWR | os.O_CREAT)
    os.ftruncate(file, 15 << 20)
    ctypes.memset(map_memory(READ | WRITE, SHARED, file, 15 << 20), 1, 15 << 20)
