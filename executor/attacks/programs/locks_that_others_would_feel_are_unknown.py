# Must print ENOSYS EBADF
# group: files
# attacks: fcntl openat
import fcntl
import os
import struct

from executor.attacks.guest.attack import call, say

# The root's files are the same for every sandbox: a lock on one is a message to the others. flock() is unknown, and a
# lock for writing needs a file open for writing.
file = os.open("/rt/main.py", os.O_RDONLY)
say(
    call(73, file, 2),
    call("fcntl", file, fcntl.F_SETLK, struct.pack("=hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0) + bytes(8)),
)
