# Must die of ptrace
# group: processes
# attacks: ptrace
from executor.attacks.guest.attack import call

call("ptrace", 16, 1, None, None)  # PTRACE_ATTACH
