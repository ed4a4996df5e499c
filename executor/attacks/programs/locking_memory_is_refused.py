# Must print ENOSYS ENOSYS
# group: memory
# attacks: mlock mlockall
from executor.attacks.guest.attack import call, say

say(call("mlock", 0, 4096), call("mlockall", 3))  # mlock, mlockall
