# Must print 0 []
# group: files
# attacks: rlimits getrlimit prlimit64
import os
import resource

from executor.attacks.guest.attack import say

say(resource.getrlimit(resource.RLIMIT_CORE)[1], os.listdir("/tmp"))
