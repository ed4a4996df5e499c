# Must die by SIGSYS
from tests.escape.guest.attack import call

call(101, 16, 1, None, None)  # PTRACE_ATTACH
