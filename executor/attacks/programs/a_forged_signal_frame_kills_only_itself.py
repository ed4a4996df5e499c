# Must die by SIGSEGV
# group: processes
# attacks: rt_sigreturn rt_sigaction
from executor.attacks.guest.attack import call

call("rt_sigreturn")  # whatever lies on the stack becomes the registers
