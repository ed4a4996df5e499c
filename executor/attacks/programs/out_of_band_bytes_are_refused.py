# Must print ENOTSUP ENOTSUP EINVAL EINVAL
# group: kernel
# attacks: sendto sendmsg recvfrom recvmsg sendmmsg
import socket

from executor.attacks.guest.attack import call, say

# CVE-2025-38236: on a local socket MSG_OOB left a pointer to freed memory.
one, other = (it.fileno() for it in socket.socketpair())
message = bytes(56)
say(
    call("sendto", one, b"x", 1, 1, None, 0),
    call("sendmsg", one, message, 1),
    call("recvfrom", other, bytes(1), 1, 1, None, None),
    call("recvmsg", other, message, 1),
)
