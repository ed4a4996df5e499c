# Must die of process_vm_writev
# group: memory
# attacks: process_vm_writev
from executor.attacks.guest.attack import call

call("process_vm_writev", int("HOST_PID"), None, 0, None, 0, 0)
