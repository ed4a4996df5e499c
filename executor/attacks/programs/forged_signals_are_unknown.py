# Must print ENOSYS ENOSYS ENOSYS
# group: processes
# attacks: rt_sigqueueinfo
from executor.attacks.guest.attack import call, say

say(call("rt_sigqueueinfo", 1, 10, b"\0" * 128), call(297, 1, 1, 10, b"\0" * 128), call("tkill", 1, 9))
