# Must die of unshare
# group: privileges
# attacks: unshare
from executor.attacks.guest.attack import call

call("unshare", 0x10000000)  # unshare(CLONE_NEWUSER)
