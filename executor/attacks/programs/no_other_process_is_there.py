# Must print 1 0 1 1
# group: processes
# attacks: pid getpid getppid getsid getpgid
import os

from executor.attacks.guest.attack import say

say(os.getpid(), os.getppid(), os.getsid(0), os.getpgid(0))
