# Must be killed
# group: cpu
# attacks: watchdog clone rt_sigprocmask
import _thread
import os
import signal


def burn():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass


for _ in range(8):
    _thread.start_new_thread(burn, ())
os.write(3, b"started")
burn()
