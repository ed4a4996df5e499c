# Must print ENOPROTOOPT EMFILE True
# group: limits
# attacks: socketpair setsockopt sendto rlimits
import errno
import socket

from executor.attacks.guest.attack import call, say

# Kernel memory that counts as nobody's: raised to what the host allows, these buffers held 2 GB.
pairs, kept = [], 0
try:
    while True:
        pairs.append(socket.socketpair())
except OSError as error:
    code = errno.errorcode[error.errno]
raised = {
    call("setsockopt", one.fileno(), 1, option, b"\0\0\0\x40", 4)
    for one, _ in pairs
    for option in (7, 8, 32, 33)
}
for one in (it for pair in pairs for it in pair):
    one.setblocking(False)
    try:
        while True:
            kept += one.send(bytes(65536))
    except BlockingIOError:
        pass
say(*raised, code, kept < 128 << 20)
