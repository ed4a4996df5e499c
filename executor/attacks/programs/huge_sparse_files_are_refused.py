# Must print File too large
# group: limits
# attacks: rlimits ftruncate
import os

from executor.attacks.guest.attack import say

file = os.open("/tmp/sparse", os.O_RDWR | os.O_CREAT)
try:
    os.ftruncate(file, (16 << 20) + 1)
except OSError as error:
    say(error.strerror)
