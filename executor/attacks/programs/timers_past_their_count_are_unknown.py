# Must print ENOSYS ENOSYS
# group: limits
# attacks: rlimits
from executor.attacks.guest.attack import call, say

say(call(222, 1, None, None), call("mq_open", b"/q", 0o102, 0o600, None))  # timer_create
