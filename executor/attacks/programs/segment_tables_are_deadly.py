# Must die of modify_ldt
# group: kernel
# attacks: modify_ldt
from executor.attacks.guest.attack import call

call("modify_ldt", 0, None, 0)
