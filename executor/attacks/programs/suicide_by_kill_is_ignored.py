# Must print alive
# group: processes
# attacks: kill pid
import os
import signal

from executor.attacks.guest.attack import say

# The first process of a namespace is deaf to its own SIGKILL: only the executor's ends it.
os.kill(1, signal.SIGKILL)
say("alive")
