# Must print EINVAL EINVAL EISDIR EBADF EINVAL EBADF EFAULT
# group: files
# behind: node
# attacks: read pread64 lseek writev preadv pwritev readv openat
import os
import struct

from executor.attacks.guest.attack import call, say

file = os.open("/rt/main.py", os.O_RDONLY)
say(
    call("pread64", file, bytes(8), 8, 1 << 63),
    call("lseek", file, 1 << 63, 0),
    call("read", os.open("/rt", os.O_RDONLY), bytes(8), 8),
    call("writev", file, bytes(16), 1),
    call("preadv", file, bytes(16), 1, 1 << 63, 0),
    call("pwritev", file, bytes(16), 1, 0, 0),
    call("readv", file, struct.pack("QQ", 0xFFFF_8880_0000_0000, 8), 1),
)
