# Must die of iopl
# group: kernel
# attacks: iopl
from executor.attacks.guest.attack import call

call("iopl", 3)
