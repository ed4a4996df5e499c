# Must print EMFILE True
# group: limits
# attacks: pipe2 write rlimits fcntl
import errno
import os

from executor.attacks.guest.attack import say

size = 0
try:
    while True:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            while True:
                size += os.write(writer, b"x" * 65536)
        except BlockingIOError:
            pass
except OSError as error:
    say(errno.errorcode[error.errno], size <= 128 * 65536)
