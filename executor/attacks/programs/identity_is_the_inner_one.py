# Must print 1000 1000 True
# group: privileges
# attacks: user getuid getgid getgroups
import os

from executor.attacks.guest.attack import say

say(os.getuid(), os.getgid(), 0 not in os.getgroups())
