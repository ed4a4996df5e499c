# Must print refused
# group: memory
# attacks: mmap
import os

from executor.attacks.guest.attack import PRIVATE, READ, call, map_memory, say

# CVE-2019-5489: which pages of a shared file others have touched, by mincore and by a read that must not wait
file = os.open("/rt/main.py", os.O_RDONLY)
pages = bytes(16)
told = call("mincore", map_memory(READ, PRIVATE, file), 4096, pages)
read = call("preadv2", file, None, 0, 0, 0, 8)
# Where mincore is there, the kernel answers "yes" for files one may not write.
say("refused" if (told == "ENOSYS" or pages[0] == 1) and read != "EAGAIN" else (told, read))
