# Must die by SIGSYS
# group: kernel
# attacks: seccomp
from executor.attacks.guest.attack import call

call(0xFFFF_FFFE)  # as a signed number it would be less than every known one
