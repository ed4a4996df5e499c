# Must print ENOSYS ENOSYS
from tests.escape.guest.attack import call, say

say(call(149, 0, 4096), call(151, 3))  # mlock, mlockall
