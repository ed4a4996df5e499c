# Must print bounded
# group: processes
# attacks: rlimits clone
import _thread
import os
import time

from executor.attacks.guest.attack import say

count = 0
try:
    while True:
        _thread.start_new_thread(time.sleep, (60,))
        count += 1
except RuntimeError:
    say("bounded" if count < 48 else count)
    os._exit(0)  # the interpreter would wait for them
