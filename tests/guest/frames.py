"""A test's own codec of the frame protocol, so that the executor's is not tested against itself."""

import struct

READY, LOAD, REQUEST, HEAD, BODY, END, RESET, CREDIT, PING, PONG, LEAVE, CALL, RESULT = range(1, 14)
INITIAL_CREDIT = 262_144


def encode(kind: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">IBI", len(payload) + 5, kind, stream) + payload


def cut(data: bytearray) -> tuple[int, int, bytes] | None:
    """Takes one whole frame off the front of `data`, or nothing."""
    if len(data) < 9:
        return None
    length, kind, stream = struct.unpack(">IBI", data[:9])
    if len(data) < 4 + length:
        return None
    payload = bytes(data[9 : 4 + length])
    del data[: 4 + length]
    return kind, stream, payload
