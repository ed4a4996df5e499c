# Must print ENOSYS
# group: processes
# attacks: seal execve
import errno
import os
import sys

from executor.attacks.guest.attack import say

# What a library of one's own, loaded before all others, would do
try:
    os.execve(
        sys.executable,
        [sys.executable, "-c", "print(1)"],
        {"LD_PRELOAD": "/tmp/evil.so", "PYTHONPATH": "/tmp"},
    )
except OSError as error:
    say(errno.errorcode[error.errno])
