# Must die of kexec_load
# group: kernel
# attacks: kexec_load
from executor.attacks.guest.attack import call

call("kexec_load", 0, 0, None, 0)
