# Must print ENOSYS ENOSYS
from tests.escape.guest.attack import call, say

say(call(435, None, 0), call(425, 8, None))  # clone3, io_uring_setup
