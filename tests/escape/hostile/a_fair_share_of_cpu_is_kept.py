# Must print EPERM EPERM EPERM ENOSYS
import struct

from tests.escape.guest.attack import call, say

# setpriority, sched_setscheduler to FIFO, sched_setaffinity, ioprio_set
say(
    call(141, 0, 0, -20),
    call(144, 0, 1, struct.pack("=i", 1)),
    call(203, 0, 8, b"\1" * 8),
    call(251, 1, 0, 0),
)
