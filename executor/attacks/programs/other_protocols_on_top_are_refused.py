# Must print ENOPROTOOPT
# group: kernel
# attacks: setsockopt
import socket

from executor.attacks.guest.attack import call, say

# TCP_ULP (kernel TLS), TCP_REPAIR, TCP_MD5SIG, TCP_FASTOPEN_CONNECT, TCP_CONGESTION, TCP_ZEROCOPY_RECEIVE; IP_OPTIONS,
# IPT_SO_SET_REPLACE (CVE-2021-22555), IP_MSFILTER, MCAST_MSFILTER, IP_TRANSPARENT; IPV6_RTHDR, IPV6_2292PKTOPTIONS
OPTIONS = [
    *((6, it) for it in (31, 19, 14, 30, 13, 35)),
    *((0, it) for it in (4, 64, 41, 48, 19)),
    *((41, it) for it in (57, 6, 64)),
]
one = socket.socket()
say(*{call("setsockopt", one.fileno(), level, option, b"tls" + bytes(61), 64) for level, option in OPTIONS})
