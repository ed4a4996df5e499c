# Must print File too large
import os

from tests.escape.guest.attack import say

file = os.open("/tmp/sparse", os.O_RDWR | os.O_CREAT)
try:
    os.ftruncate(file, (16 << 20) + 1)
except OSError as error:
    say(error.strerror)
