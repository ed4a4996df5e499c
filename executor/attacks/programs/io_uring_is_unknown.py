# Must print ENOSYS ENOSYS ENOSYS
# group: kernel
# attacks: io_uring_setup
from executor.attacks.guest.attack import call, say

# A second door for every call, past the filter: setup, enter, register
say(call("io_uring_setup", 8, None), call(426, 3, 1, 0, 0, None, 0), call(427, 3, 0, None, 0))
