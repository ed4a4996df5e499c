# Must print 1 0 1 1
import os

from tests.escape.guest.attack import say

say(os.getpid(), os.getppid(), os.getsid(0), os.getpgid(0))
