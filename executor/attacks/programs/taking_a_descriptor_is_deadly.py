# Must die of pidfd_getfd
# group: processes
# attacks: pidfd_getfd
from executor.attacks.guest.attack import call

call("pidfd_getfd", 3, 0, 0)
