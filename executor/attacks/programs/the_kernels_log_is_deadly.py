# Must die of syslog
# group: kernel
# attacks: syslog
from executor.attacks.guest.attack import call

call("syslog", 3, None, 0)
