# Must die by SIGSYS
from tests.escape.guest.attack import call

call(165, b"none", b"/tmp", b"tmpfs", 0, None)
