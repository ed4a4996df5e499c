# Must die of clock_settime
# group: cpu
# attacks: clock_settime
from executor.attacks.guest.attack import call

call("clock_settime", 0, None)
