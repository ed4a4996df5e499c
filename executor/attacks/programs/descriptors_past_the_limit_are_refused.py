# Must print EBADF EBADF EINVAL
# group: limits
# attacks: dup2 fcntl rlimits
from executor.attacks.guest.attack import call, say

say(call("dup2", 1, 256), call("dup2", 1, 1 << 20), call("fcntl", 1, 0, 300))
