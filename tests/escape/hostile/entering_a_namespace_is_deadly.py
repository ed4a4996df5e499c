# Must die by SIGSYS
from tests.escape.guest.attack import call

call(308, 3, 0)  # setns
