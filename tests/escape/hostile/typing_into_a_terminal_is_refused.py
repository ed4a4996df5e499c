# Must print ENOTTY ENOTTY
from tests.escape.guest.attack import call, say

# TIOCSTI, and the same with garbage in the upper half, which the kernel ignores and a filter must too
say(call(16, 1, 0x5412, b"x"), call(16, 1, 0xDEAD00005412, b"x"))
