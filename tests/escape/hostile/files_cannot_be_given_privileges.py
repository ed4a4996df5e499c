# Must print EPERM ENOSYS
import os

from tests.escape.guest.attack import call, say

os.close(os.open("/tmp/file", os.O_CREAT))
say(
    call(92, b"/tmp/file", 0, 0), call(188, b"/tmp/file", b"security.capability", b"", 0, 0)
)  # chown, setxattr
