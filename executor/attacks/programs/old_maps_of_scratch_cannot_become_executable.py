# Must print EACCES
# group: memory
# behind: node
# attacks: mprotect mmap tmpfs
import os

from executor.attacks.guest.attack import EXECUTE, PRIVATE, READ, call, map_memory, say

file = os.open("/tmp/code", os.O_RDWR | os.O_CREAT)
os.write(file, b"\xc3" * 4096)
say(call("mprotect", map_memory(READ, PRIVATE, file), 4096, READ | EXECUTE))
