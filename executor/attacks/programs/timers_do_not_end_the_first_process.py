# Must print EFAULT EINVAL alive
# group: processes
# attacks: setitimer pid
import signal
import time

from executor.attacks.guest.attack import call, say

bad = call("setitimer", 0, 0xFFFF_8880_0000_0000, None), call("setitimer", 7, bytes(32), None)
signal.signal(signal.SIGALRM, signal.SIG_DFL)
# A microsecond apart: a storm, and the default of the signal is to end whoever gets it.
signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
time.sleep(0.05)
say(*bad, "alive")
