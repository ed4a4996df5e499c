# Must print 1 0 EPERM EPERM
# group: processes
# attacks: pid getpid getppid kill
import os

from executor.attacks.guest.attack import call, say

say(os.getpid(), os.getppid(), call("kill", 2, 9), call("kill", -1, 9))
