# Must print EPERM EPERM
import struct

from tests.escape.guest.attack import call, say

more = struct.pack("=QQ", 1 << 40, 1 << 40)
say(call(160, 2, more), call(302, 0, 2, more, None))  # setrlimit, prlimit64 of RLIMIT_DATA
