# Must die of mount
# group: privileges
# attacks: mount
from executor.attacks.guest.attack import call

call("mount", b"none", b"/tmp", b"tmpfs", 0, None)
