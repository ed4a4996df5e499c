# Must print ENOSYS ENOSYS
from tests.escape.guest.attack import call, say

say(call(434, 1, 0), call(424, 3, 9, None, 0))  # pidfd_open, pidfd_send_signal
