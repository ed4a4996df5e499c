# Must print EAFNOSUPPORT
# group: network
# attacks: socket
from executor.attacks.guest.attack import call, say

# raw, packet, netlink, vsock, kernel crypto, SCTP, MPTCP, ICMP, bluetooth
KINDS = [
    (2, 3, 255),
    (17, 3, 0),
    (16, 3, 0),
    (40, 1, 0),
    (38, 5, 0),
    (2, 1, 132),
    (2, 1, 262),
    (2, 2, 1),
    (31, 3, 1),
]
say(*{call("socket", *kind) for kind in KINDS})
