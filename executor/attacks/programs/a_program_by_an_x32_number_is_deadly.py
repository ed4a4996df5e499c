# Must die by SIGSYS
# group: processes
# attacks: seccomp seal execve
from executor.attacks.guest.attack import call

call(0x40000000 | 520, b"/bin/node", None, None)  # x32's own execve: the seal knows it by another number
