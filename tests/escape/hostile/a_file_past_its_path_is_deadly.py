# Must die by SIGSYS
from tests.escape.guest.attack import call

call(304, -100, None, 0)  # open_by_handle_at
