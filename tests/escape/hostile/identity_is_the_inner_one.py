# Must print 1000 1000 True
import os

from tests.escape.guest.attack import say

say(os.getuid(), os.getgid(), 0 not in os.getgroups())
