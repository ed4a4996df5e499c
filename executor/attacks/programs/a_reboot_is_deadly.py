# Must die of reboot
# group: kernel
# attacks: reboot
from executor.attacks.guest.attack import call

call("reboot", 0xFEE1DEAD, 672274793, 0x1234567, None)
