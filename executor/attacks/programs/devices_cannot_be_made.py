# Must print EPERM EPERM
# group: files
# attacks: mknod chroot
from executor.attacks.guest.attack import call, say

say(call("mknod", b"/tmp/mem", 0o20666, 0x101), call("chroot", b"/tmp"))  # mknod of /dev/mem, chroot
