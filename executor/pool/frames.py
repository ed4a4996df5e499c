"""The frames between the executor and a guest: `u32 length | u8 type | u32 stream | payload`, big endian.

`length` counts type, stream and payload. The guest is hostile: whatever it sends is bounded here before it
is looked at. docs/frames.md describes who may send what, and when.
"""

import struct
from collections.abc import Iterator

READY, LOAD, REQUEST, HEAD, BODY, END, RESET, CREDIT, PING, PONG, LEAVE, CALL, RESULT = range(1, 14)

_HEADER = struct.Struct(">IBI")
_U32 = struct.Struct(">I")
HEADER_SIZE = _HEADER.size
_PREFIX = 5  # type and stream, the part of the header that `length` counts

MAX_BODY = 64 * 1024
MAX_HEAD = 128 * 1024
INITIAL_CREDIT = 256 * 1024

# The largest payload a guest may send, by type. A type that is not here is not a guest's to send.
GUEST_PAYLOAD = {
    READY: 1024,
    HEAD: MAX_HEAD,
    BODY: MAX_BODY,
    END: MAX_HEAD,
    RESET: 0,
    CREDIT: 4,
    PONG: 16,
    LEAVE: 0,
    CALL: MAX_BODY,
}


class FrameError(Exception):
    """The guest broke the protocol; its worker must die."""


def encode(kind: int, stream: int, payload: bytes = b"") -> bytes:
    return _HEADER.pack(len(payload) + _PREFIX, kind, stream) + payload


def encode_credit(stream: int, amount: int) -> bytes:
    return encode(CREDIT, stream, _U32.pack(amount))


def encode_body(stream: int, data: bytes) -> bytes:
    """One BODY frame, or several when `data` is larger than a frame may be."""
    if len(data) <= MAX_BODY:
        return encode(BODY, stream, data)
    return b"".join(
        encode(BODY, stream, data[start : start + MAX_BODY]) for start in range(0, len(data), MAX_BODY)
    )


def decode_credit(payload: bytes) -> int:
    if len(payload) != _U32.size:
        raise FrameError(f"CREDIT carries {len(payload)} bytes, not 4")
    amount: int = _U32.unpack(payload)[0]
    return amount


class Decoder:
    """Cuts what a guest wrote into frames. Holds at most one unfinished frame."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Yields (type, stream, payload). Raises FrameError at the first frame that breaks a bound."""
        if self._rest:
            data = self._rest + data
        start, size = 0, len(data)
        while size - start >= HEADER_SIZE:
            length, kind, stream = _HEADER.unpack_from(data, start)
            allowed = GUEST_PAYLOAD.get(kind)
            if allowed is None:
                raise FrameError(f"a guest may not send frame type {kind}")
            if not _PREFIX <= length <= allowed + _PREFIX:
                raise FrameError(f"frame type {kind} of length {length}, allowed {allowed + _PREFIX}")
            end = start + 4 + length
            if end > size:
                break
            yield kind, stream, data[start + HEADER_SIZE : end]
            start = end
        self._rest = data[start:]
