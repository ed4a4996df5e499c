# Must die by SIGSYS
from tests.escape.guest.attack import call

call(321, 0, None, 0)  # bpf
