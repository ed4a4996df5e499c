# Must die of swapon
# group: kernel
# attacks: swapon
from executor.attacks.guest.attack import call

call("swapon", b"/tmp/swap", 0)
