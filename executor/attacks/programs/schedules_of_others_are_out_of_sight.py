# Must print ESRCH
# group: cpu
# behind: node
# attacks: sched_getparam sched_getscheduler sched_yield getpriority sched_getaffinity pid
from executor.attacks.guest.attack import call, say

call("sched_yield")
other = int("HOST_PID")
say(
    *{
        call("sched_getparam", other, bytes(8)),
        call("sched_getscheduler", other),
        call("getpriority", 0, other),
        call("sched_getaffinity", other, 128, bytes(128)),
    }
)
