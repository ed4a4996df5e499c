# Must print EPERM EPERM EPERM ENOSYS
# group: cpu
# attacks: setpriority sched_setscheduler sched_setaffinity
import struct

from executor.attacks.guest.attack import call, say

# setpriority, sched_setscheduler to FIFO, sched_setaffinity, ioprio_set
say(
    call("setpriority", 0, 0, -20),
    call("sched_setscheduler", 0, 1, struct.pack("=i", 1)),
    call("sched_setaffinity", 0, 8, b"\1" * 8),
    call("ioprio_set", 1, 0, 0),
)
