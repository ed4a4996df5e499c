# Must die of perf_event_open
# group: kernel
# attacks: perf_event_open
from executor.attacks.guest.attack import call

call("perf_event_open", None, 0, -1, -1, 0)
