# Must die of init_module
# group: kernel
# attacks: init_module
from executor.attacks.guest.attack import call

call("init_module", b"\x7fELF", 4, b"")
