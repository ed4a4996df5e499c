# Must print refused
# group: network
# attacks: net ioctl socket
import socket

from executor.attacks.guest.attack import call, say, verdict

# SIOCGIFCONF, SIOCGIFADDR, SIOCSIFFLAGS, SIOCADDRT, SIOCSARP; a netlink socket
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
controls = [
    call("ioctl", one.fileno(), control, b"lo" + bytes(254))
    for control in (0x8912, 0x8915, 0x8914, 0x890B, 0x8955)
]
say(verdict(*controls, call("socket", 16, 3, 0)))
