# Must die of keyctl
# group: kernel
# attacks: keyctl
from executor.attacks.guest.attack import call

call("keyctl", 0, -3, 0, 0, 0)  # keyctl
