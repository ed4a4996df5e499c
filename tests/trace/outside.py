"""The world as the workload sees it: every name is 1.2.3.4 but one in "nowhere", and port 80 answers HTTP."""

import select
import socket
import struct
from collections.abc import Sequence

_ADDRESS = socket.inet_aton("1.2.3.4")
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello"
_SHORTEST = 16
_QUESTION_A, _NO_SUCH_NAME = 1, 3


def answer(listeners: Sequence[int]) -> None:
    """Serves for ever: TCP listeners, and the DNS socket last."""
    *streams, names = [socket.socket(fileno=listener) for listener in listeners]
    connections: set[socket.socket] = set()
    while True:
        for ready in select.select([*streams, names, *connections], [], [])[0]:
            if ready is names:
                tell(names)
            elif ready in connections:
                converse(ready, connections)
            else:
                connections.add(ready.accept()[0])


def tell(names: socket.socket) -> None:
    question, asker = names.recvfrom(512)
    if len(question) > _SHORTEST:
        names.sendto(resolve(question), asker)


def converse(connection: socket.socket, connections: set[socket.socket]) -> None:
    try:
        asked = connection.recv(65_536)
        if asked:
            connection.sendall(_ANSWER if b"HTTP/1.1" in asked else b"")
            return
    except OSError:
        pass
    connections.discard(connection)
    connection.close()


def resolve(question: bytes) -> bytes:
    """A DNS answer; the workload is friendly and asks one question a datagram."""
    end = question.index(b"\0", 12) + 5
    kind = struct.unpack_from(">H", question, end - 4)[0]
    unknown = b"nowhere" in question
    found = kind == _QUESTION_A and not unknown
    head = question[:2] + struct.pack(">HHHHH", 0x8180 | (_NO_SUCH_NAME if unknown else 0), 1, found, 0, 0)
    record = b"\xc0\x0c" + struct.pack(">HHIH", _QUESTION_A, 1, 60, 4) + _ADDRESS if found else b""
    return head + question[12:end] + record
