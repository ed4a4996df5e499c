# Must print EPERM EPERM EPERM EPERM
# group: privileges
# attacks: prctl seccomp
from executor.attacks.guest.attack import call, say

# prctl: forget the death signal, be dumpable, drop a filter on oneself; seccomp
say(
    call("prctl", 1, 0, 0, 0, 0),
    call("prctl", 4, 1, 0, 0, 0),
    call("prctl", 22, 2, 0, 0, 0),
    call("seccomp", 1, 0, None),
)
