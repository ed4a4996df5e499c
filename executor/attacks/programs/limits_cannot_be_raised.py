# Must print EPERM EPERM
# group: limits
# attacks: setrlimit prlimit64
import struct

from executor.attacks.guest.attack import call, say

more = struct.pack("=QQ", 1 << 40, 1 << 40)
say(call("setrlimit", 2, more), call("prlimit64", 0, 2, more, None))  # setrlimit, prlimit64 of RLIMIT_DATA
