# Must die of move_mount
# group: privileges
# attacks: move_mount
from executor.attacks.guest.attack import call

call("move_mount", -100, b"/tmp", -100, b"/etc", 0)
