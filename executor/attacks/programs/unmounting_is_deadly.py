# Must die of umount2
# group: privileges
# attacks: umount2
from executor.attacks.guest.attack import call

call("umount2", b"/tmp", 2)  # MNT_DETACH
