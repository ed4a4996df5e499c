# Must print '' '' EPIPE
# group: processes
# attacks: getsockname getpeername shutdown descriptors
import errno
import socket

from executor.attacks.guest.attack import say

channel = socket.socket(fileno=3)
names = [repr(channel.getsockname()), repr(channel.getpeername())]
channel.shutdown(socket.SHUT_RDWR)
try:
    channel.send(b"x")
except OSError as error:
    say(*names, errno.errorcode[error.errno])
