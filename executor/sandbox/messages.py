"""What goes over a SOCK_SEQPACKET pair: one JSON object and some descriptors in each packet."""

import json
import socket
from collections.abc import Mapping, Sequence
from typing import Any

# A plan is about 15 KB. The kernel's default send buffer bounds a packet to some 200 KB.
_LARGEST = 1 << 17
_MOST_DESCRIPTORS = 128


def pair() -> tuple[socket.socket, socket.socket]:
    """SEQPACKET, not DGRAM: only the former tells of the other side's death."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(channel: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
    socket.send_fds(channel, [json.dumps(message).encode()], descriptors)


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """None at the end of the stream. The caller owns the descriptors."""
    data, descriptors, _flags, _address = socket.recv_fds(channel, _LARGEST, _MOST_DESCRIPTORS)
    if not data:
        return None
    message: dict[str, Any] = json.loads(data)
    return message, descriptors
