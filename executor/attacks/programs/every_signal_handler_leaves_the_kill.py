# Must be killed
# group: processes
# attacks: watchdog rt_sigaction sigaltstack rt_sigprocmask
import os
import signal

for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
os.write(3, b"started")
while True:
    pass
