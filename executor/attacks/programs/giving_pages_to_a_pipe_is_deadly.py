# Must die of vmsplice
# group: memory
# attacks: vmsplice
from executor.attacks.guest.attack import call

call("vmsplice", 1, None, 0, 0)
