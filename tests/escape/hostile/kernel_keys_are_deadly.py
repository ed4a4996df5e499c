# Must die by SIGSYS
from tests.escape.guest.attack import call

call(250, 0, -3, 0, 0, 0)  # keyctl
