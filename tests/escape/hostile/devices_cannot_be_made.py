# Must print EPERM EPERM
from tests.escape.guest.attack import call, say

say(call(133, b"/tmp/mem", 0o20666, 0x101), call(161, b"/tmp"))  # mknod of /dev/mem, chroot
