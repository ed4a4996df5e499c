# Must print ENOENT EPERM ENOENT
# group: files
# attacks: openat mkdir chdir rename chroot mount
import os

from executor.attacks.guest.attack import call, say

# The classic way out of a chroot: keep a directory, move the root below it, climb.
os.mkdir("/tmp/deep")
kept = os.open("/tmp/deep", os.O_RDONLY)
up = "../" * 40
first = call("openat", kept, f"{up}HOST_FILE".encode(), 0)
second = call("chroot", b"/tmp/deep")
os.rename("/tmp/deep", "/tmp/moved")
say(first, second, call("openat", kept, f"{up}HOST_FILE".encode(), 0))
