# Must print ENOSYS
# group: kernel
# attacks: futex
import ctypes

from executor.attacks.guest.attack import call, say

# CVE-2014-3153 ("towelroot"): LOCK_PI, UNLOCK_PI, TRYLOCK_PI, WAIT_REQUEUE_PI, CMP_REQUEUE_PI, LOCK_PI2
one, other = ctypes.c_uint(0), ctypes.c_uint(0)
at = [ctypes.byref(one), ctypes.byref(other)]
say(
    *{
        call("futex", at[0], operation | flags, 1, None, at[1], 0)
        for operation in (6, 7, 8, 11, 12, 13)
        for flags in (0, 128)
    }
)
