# Must print EPERM
# group: files
# behind: node
# attacks: tmpfs mmap
import os

from executor.attacks.guest.attack import EXECUTE, PRIVATE, READ, map_memory, say

file = os.open("/tmp/code", os.O_RDWR | os.O_CREAT)
os.write(file, b"\xc3" * 4096)
say(map_memory(READ | EXECUTE, PRIVATE, file))
