# Must die of process_vm_readv
# group: memory
# attacks: process_vm_readv
from executor.attacks.guest.attack import call

call("process_vm_readv", int("HOST_PID"), None, 0, None, 0, 0)  # process_vm_readv
