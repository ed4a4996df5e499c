# Must print EPERM EPERM EPERM EPERM
from tests.escape.guest.attack import call, say

# prctl: forget the death signal, be dumpable, drop a filter on oneself; seccomp
say(call(157, 1, 0, 0, 0, 0), call(157, 4, 1, 0, 0, 0), call(157, 22, 2, 0, 0, 0), call(317, 1, 0, None))
