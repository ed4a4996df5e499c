# Must die of finit_module
# group: kernel
# attacks: finit_module
from executor.attacks.guest.attack import call

call("finit_module", 0, b"", 0)
