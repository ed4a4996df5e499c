# Must die of mount_setattr
# group: privileges
# attacks: mount_setattr
from executor.attacks.guest.attack import call

call("mount_setattr", -100, b"/rt", 0, None, 0)
