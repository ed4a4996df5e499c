# Must print ENOTTY ENOTTY
# group: limits
# attacks: ioctl
from executor.attacks.guest.attack import call, say

# TIOCSTI, and the same with garbage in the upper half, which the kernel ignores and a filter must too
say(call("ioctl", 1, 0x5412, b"x"), call("ioctl", 1, 0xDEAD00005412, b"x"))
