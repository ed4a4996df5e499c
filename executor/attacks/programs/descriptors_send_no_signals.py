# Must print EINVAL
# group: limits
# attacks: fcntl
from executor.attacks.guest.attack import call, say

# F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, F_ADD_SEALS
say(*{call("fcntl", 1, command, 1) for command in (8, 10, 15, 1024, 1026, 1031, 1033)})
