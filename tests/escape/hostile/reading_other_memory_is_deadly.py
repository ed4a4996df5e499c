# Must die by SIGSYS
from tests.escape.guest.attack import call

call(310, int("HOST_PID"), None, 0, None, 0, 0)  # process_vm_readv
