# Must print ENOSYS ENOSYS ENOSYS ENOSYS
from tests.escape.guest.attack import call, say

say(
    call(29, 0, 4096, 0o1600),
    call(68, 0, 0o1600),
    call(64, 0, 1, 0o1600),
    call(240, b"/q", 0o102, 0o600, None),
)
