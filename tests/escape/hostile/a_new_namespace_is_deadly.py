# Must die by SIGSYS
from tests.escape.guest.attack import call

call(272, 0x10000000)  # unshare(CLONE_NEWUSER)
