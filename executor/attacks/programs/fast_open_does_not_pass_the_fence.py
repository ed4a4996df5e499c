# Must print ENOTSUP ENOTSUP
# group: network
# attacks: sendto sendmsg connect landlock
import socket
import struct

from executor.attacks.guest.attack import call, say

# MSG_FASTOPEN connects without connect(), where Landlock looks.
address = struct.pack("!BBH4s8x", 2, 0, int("HOST_TCP_PORT"), bytes([127, 0, 0, 1]))
one = socket.socket()
say(
    call("sendto", one.fileno(), b"x", 1, 0x20000000, address, 16),
    call("sendmsg", one.fileno(), bytes(56), 0x20000000),
)
