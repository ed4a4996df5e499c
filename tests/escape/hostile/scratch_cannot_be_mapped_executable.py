# Must print EPERM
import os

from tests.escape.guest.attack import EXECUTE, PRIVATE, READ, map_memory, say

file = os.open("/tmp/code", os.O_RDWR | os.O_CREAT)
os.write(file, b"\xc3" * 4096)
say(map_memory(READ | EXECUTE, PRIVATE, file))
