# Must die of kcmp
# group: processes
# attacks: kcmp
from executor.attacks.guest.attack import call

call("kcmp", 1, 1, 0, 0, 0)
