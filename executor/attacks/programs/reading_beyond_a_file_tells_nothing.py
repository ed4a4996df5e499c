# Must print EINVAL EINVAL EISDIR EBADF
# group: files
# attacks: read pread64 lseek writev openat
import os

from executor.attacks.guest.attack import call, say

file = os.open("/rt/main.py", os.O_RDONLY)
say(
    call("pread64", file, bytes(8), 8, 1 << 63),
    call("lseek", file, 1 << 63, 0),
    call("read", os.open("/rt", os.O_RDONLY), bytes(8), 8),
    call("writev", file, bytes(16), 1),
)
