# Must print ENOSYS ENOSYS
# group: processes
# attacks: clone3 io_uring_setup
from executor.attacks.guest.attack import call, say

say(call("clone3", None, 0), call("io_uring_setup", 8, None))  # clone3, io_uring_setup
