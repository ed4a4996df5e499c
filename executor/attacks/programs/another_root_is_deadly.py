# Must die of pivot_root
# group: privileges
# attacks: pivot_root
from executor.attacks.guest.attack import call

call("pivot_root", b"/tmp", b"/tmp")
