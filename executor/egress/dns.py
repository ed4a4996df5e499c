"""DNS messages: the question is read from hostile bytes, the answer is written. Nothing here raises or waits."""

import re
import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

PORT = 53
A, ANY = 1, 255
# NS, CNAME, SOA, MX, TXT, SRV, NAPTR, CAA: records that hold names and texts. Those with addresses are ours to answer.
OTHERS = frozenset({2, 5, 6, 15, 16, 33, 35, 257})
INTERNET = 1
NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME, NOT_IMPLEMENTED, REFUSED = 0, 2, 3, 4, 5
FORMAT_ERROR = 1
SECONDS_TO_LIVE = 30

_HEADER = struct.Struct("!6H")
_RESPONSE, _OPCODE, _RECURSION_DESIRED, _RECURSION_AVAILABLE = 0x8000, 0x7800, 0x0100, 0x0080
_POINTER_TO_QUESTION = 0xC000 | _HEADER.size
_LABEL = re.compile(rb"[A-Za-z0-9_-]{1,63}")
_TRUNCATED = 0x0200
_LONGEST_NAME = 253
# What fits through every network; a client asks again by stream for more.
LARGEST_DATAGRAM = 1232


@dataclass(frozen=True, slots=True)
class Question:
    """`host` in lower case without the last dot; empty when it can be no host's name. `raw` as it was asked."""

    id: int
    flags: int
    host: str
    kind: int
    raw: bytes


def read(message: bytes) -> Question | None:
    """None for what is no question, and is not answered either."""
    if len(message) < _HEADER.size:
        return None
    number, flags, questions, _, _, _ = _HEADER.unpack_from(message)
    if flags & _RESPONSE or questions != 1:
        return None
    labels: list[bytes] = []
    at = _HEADER.size
    while at < len(message) and (length := message[at]):
        # Longer than 63 is a pointer, and a question has nothing to point at.
        if length > 63 or sum(map(len, labels)) + len(labels) + length > _LONGEST_NAME:
            return None
        labels.append(message[at + 1 : at + 1 + length])
        at += 1 + length
    if len(message) < at + 5:
        return None
    kind, network = struct.unpack_from("!HH", message, at + 1)
    plain = network == INTERNET and labels and all(map(_LABEL.fullmatch, labels))
    host = b".".join(labels).decode("ascii").lower() if plain else ""
    return Question(number, flags, host, kind, message[_HEADER.size : at + 5])


def is_query(question: Question) -> bool:
    """Not a zone transfer's notice, an update or some other operation."""
    return not question.flags & _OPCODE


def is_truncated(message: bytes) -> bool:
    return bool(_HEADER.unpack_from(message)[1] & _TRUNCATED)


def truncated(question: Question) -> bytes:
    """In the place of an answer that is too long: it can be had by stream."""
    return _HEADER.pack(question.id, _RESPONSE | _RECURSION_AVAILABLE | _TRUNCATED, 1, 0, 0, 0) + question.raw


def answers(message: bytes, query: bytes) -> bool:
    """Whether it is an answer to just this query."""
    if len(message) < len(query) or not message[2] & (_RESPONSE >> 8):
        return False
    return message[:2] == query[:2] and message[12 : len(query)].lower() == query[12:].lower()


def answer(question: Question, code: int = NO_ERROR, address: IPv4Address | None = None) -> bytes:
    """Without an address: no error and no record, which says that the name has none of the kind asked for."""
    flags = _RESPONSE | _RECURSION_AVAILABLE | question.flags & (_OPCODE | _RECURSION_DESIRED) | code
    head = _HEADER.pack(question.id, flags, 1, 0 if address is None else 1, 0, 0)
    if address is None:
        return head + question.raw
    record = struct.pack("!HHHIH", _POINTER_TO_QUESTION, A, INTERNET, SECONDS_TO_LIVE, 4) + address.packed
    return head + question.raw + record
