# Must print ENOPROTOOPT
# group: network
# attacks: setsockopt
import socket

from executor.attacks.guest.attack import call, say

# SO_BINDTODEVICE, SO_MARK, SO_PRIORITY, SO_BUSY_POLL, SO_TXTIME, SO_ZEROCOPY, SO_INCOMING_CPU, SO_TIMESTAMPING
one = socket.socket()
say(
    *{
        call("setsockopt", one.fileno(), 1, option, b"lo" + bytes(14), 16)
        for option in (25, 36, 12, 46, 61, 60, 49, 37)
    }
)
