# Must print EPERM ENOSYS
# group: privileges
# attacks: chown setxattr
import os

from executor.attacks.guest.attack import call, say

os.close(os.open("/tmp/file", os.O_CREAT))
say(
    call("chown", b"/tmp/file", 0, 0), call("setxattr", b"/tmp/file", b"security.capability", b"", 0, 0)
)  # chown, setxattr
