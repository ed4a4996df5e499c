"""The network of a sandbox: one loopback device that answers for every address there is.

What a program connects to, on a port that is listened on, arrives at a listener; the listeners are handed out of
the sandbox, and who holds them reads the address that was meant off each connection (its own name). Nothing else
leads anywhere: the namespace has no other device.
"""

import contextlib
import fcntl
import os
import socket
import struct
from collections.abc import Iterable

DNS_PORT = 53
_BACKLOG = 128

_LOOPBACK = b"lo"
_SET_FLAGS = 0x8914  # SIOCSIFFLAGS
_UP = 1
# From linux/rtnetlink.h and linux/netlink.h.
_NEW_ROUTE = 24
_REQUEST, _ACKNOWLEDGE, _CREATE = 1, 4, 0x400
_TABLE_LOCAL, _BY_BOOT, _SCOPE_HOST, _TYPE_LOCAL = 255, 3, 254, 2
_OUTPUT_DEVICE = 4
_ERROR = 2


def open_listeners(ports: Iterable[int]) -> list[socket.socket]:
    """For this process's network namespace, which must be its own: TCP on `ports` and DNS, for every address.

    Raises OSError. The DNS socket is the last.
    """
    _raise_loopback()
    _lead_here(socket.AF_INET)
    # Where IPv6 is switched off its addresses are unreachable, as they should be.
    with contextlib.suppress(OSError):
        _lead_here(socket.AF_INET6)
    listeners = [_bind(socket.SOCK_STREAM, port) for port in ports]
    for listener in listeners:
        listener.listen(_BACKLOG)
    return [*listeners, _bind(socket.SOCK_DGRAM, DNS_PORT)]


def _raise_loopback() -> None:
    """The kernel then gives it 127.0.0.1 and ::1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", _LOOPBACK, _UP))


def _lead_here(family: int) -> None:
    """A route that makes every address of the family one of ours."""
    route = struct.pack("BBBBBBBBI", family, 0, 0, 0, _TABLE_LOCAL, _BY_BOOT, _SCOPE_HOST, _TYPE_LOCAL, 0)
    route += struct.pack("HHi", 8, _OUTPUT_DEVICE, socket.if_nametoindex(_LOOPBACK.decode()))
    flags = _REQUEST | _ACKNOWLEDGE | _CREATE
    message = struct.pack("IHHII", 16 + len(route), _NEW_ROUTE, flags, 1, 0) + route
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(message)
        answer = kernel.recv(4096)
    kind, error = struct.unpack_from("H", answer, 4)[0], struct.unpack_from("i", answer, 16)[0]
    if kind != _ERROR or error:
        raise OSError(-error, f"route: {os.strerror(-error)}")


def _bind(kind: int, port: int) -> socket.socket:
    """One socket for both families, or for IPv4 where the kernel has no other."""
    try:
        both = socket.socket(socket.AF_INET6, kind)
    except OSError:
        only = socket.socket(socket.AF_INET, kind)
        only.bind(("0.0.0.0", port))  # noqa: S104 - nobody but the program inside can reach it
        return only
    both.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    both.bind(("::", port))
    return both
