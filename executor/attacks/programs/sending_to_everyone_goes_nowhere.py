# Must print refused
# group: network
# attacks: sendto sendmmsg net socket
import socket

from executor.attacks.guest.attack import say

# Broadcast, multicast, the neighbours' discovery, the metadata service: datagrams need no connection to be allowed.
got = []
for address in ("255.255.255.255", "224.0.0.251", "169.254.169.254", "10.0.0.1"):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    one.settimeout(0.05)
    try:
        one.sendto(b"\0" * 12, (address, 5353))
        got.append(one.recv(512))
    except OSError:
        pass
say("answered" if got else "refused")
