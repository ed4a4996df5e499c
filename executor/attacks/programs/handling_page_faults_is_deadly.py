# Must die of userfaultfd
# group: kernel
# attacks: userfaultfd
from executor.attacks.guest.attack import call

call("userfaultfd", 0o2000000)  # stops the kernel half way through a copy, where many exploits want it
