# Must print bounded
# group: memory
# attacks: brk rlimits
import ctypes

from executor.attacks.guest.attack import say

library = ctypes.CDLL(None)
library.sbrk.restype = ctypes.c_long
say("bounded" if library.sbrk(ctypes.c_long(1 << 30)) == -1 else "grown")
