# Must be killed
# group: processes
# attacks: watchdog rt_sigaction rt_sigreturn
import contextlib
import os
import signal

signal.signal(signal.SIGALRM, lambda *_: None)
os.write(3, b"started")
with contextlib.suppress(OSError):  # most tables do not know it; waiting for ever is as good
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
while True:
    pass
