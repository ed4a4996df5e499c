# Must die of memfd_secret
# group: memory
# attacks: memfd_secret
from executor.attacks.guest.attack import call

call("memfd_secret", 0)  # memory that even the kernel does not see: nobody counts it
