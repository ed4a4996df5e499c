# Must die of adjtimex
# group: cpu
# attacks: adjtimex
from executor.attacks.guest.attack import call

call("adjtimex", None)
