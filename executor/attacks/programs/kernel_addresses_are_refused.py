# Must print EFAULT
# group: kernel
# attacks: write getrandom uname openat rt_sigprocmask clock_gettime getcwd futex
from executor.attacks.guest.attack import call, say

# Every call that copies checks whose address it is given.
KERNEL = 0xFFFF_8880_0000_0000
say(
    *{
        call("write", 1, KERNEL, 8),
        call("getrandom", KERNEL, 8, 0),
        call("uname", KERNEL),
        call("openat", -100, KERNEL, 0),
        call("rt_sigprocmask", 0, KERNEL, None, 8),
        call("clock_gettime", 2, KERNEL),
        call("getcwd", KERNEL, 64),
        call("futex", KERNEL, 0, 0, None),
    }
)
