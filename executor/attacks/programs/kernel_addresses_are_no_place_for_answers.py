# Must print EFAULT
# group: kernel
# attacks: read pread64 sysinfo getrusage getsockname getpeername lstat newfstatat poll sched_getaffinity getdents64
import os
import socket

from executor.attacks.guest.attack import call, say

KERNEL = 0xFFFF_8880_0000_0000
file, folder = os.open("/rt/main.py", os.O_RDONLY), os.open("/rt", os.O_RDONLY)
one, other = socket.socketpair()
other.send(b"x")
say(
    *{
        call("read", file, KERNEL, 8),
        call("pread64", file, KERNEL, 8, 0),
        call("sysinfo", KERNEL),
        call("getrusage", 0, KERNEL),
        call("getsockname", one.fileno(), KERNEL, KERNEL),
        call("getpeername", one.fileno(), KERNEL, KERNEL),
        call("lstat", b"/rt/main.py", KERNEL),
        call("newfstatat", -100, b"/rt/main.py", KERNEL, 0),
        call("poll", KERNEL, 1, 0),
        call("sched_getaffinity", 0, 128, KERNEL),
        call("getdents64", folder, KERNEL, 512),
    }
)
