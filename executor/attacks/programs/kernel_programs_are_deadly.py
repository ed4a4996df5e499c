# Must die of bpf
# group: kernel
# attacks: bpf
from executor.attacks.guest.attack import call

call("bpf", 0, None, 0)  # bpf
