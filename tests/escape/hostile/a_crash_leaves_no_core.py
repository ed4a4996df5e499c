# Must print 0 []
import os
import resource

from tests.escape.guest.attack import say

say(resource.getrlimit(resource.RLIMIT_CORE)[1], os.listdir("/tmp"))
