# Must print 1000 1000 1000 1000 1 True
# group: privileges
# attacks: user getuid geteuid getgid getegid getgroups gettid
import _thread
import os

from executor.attacks.guest.attack import say

say(os.getuid(), os.geteuid(), os.getgid(), os.getegid(), _thread.get_native_id(), 0 not in os.getgroups())
