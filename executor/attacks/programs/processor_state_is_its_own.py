# Must print refused
# group: kernel
# attacks: arch_prctl
from executor.attacks.guest.attack import call, say, verdict

# A second vDSO (ARCH_MAP_VDSO_64), an unknown function
say(verdict(call("arch_prctl", 0x2003, 0x10000), call("arch_prctl", 0x9999, 0)))
