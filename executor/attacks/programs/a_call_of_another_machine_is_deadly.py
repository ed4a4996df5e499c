# Must die by SIGSYS
# group: kernel
# attacks: seccomp
from executor.attacks.guest.attack import call

call(0x40000000 | 39)  # getpid by its x32 number, which a filter that compares numbers only would not know
