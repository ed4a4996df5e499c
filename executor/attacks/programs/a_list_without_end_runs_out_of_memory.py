# Must run out of memory
# group: memory
# attacks: mmap brk rlimits
import sys

kept = []
try:
    while True:
        kept.append(bytearray(1 << 20))
except MemoryError:
    kept.clear()
    sys.exit("out of memory")
