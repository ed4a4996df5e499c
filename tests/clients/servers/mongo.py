"""MongoDB's wire protocol, as much as its driver needs to insert and find a document.

A stub: neither Debian nor PyPI has the server. It keeps the bytes it is given, so what comes back went there.
"""

import contextlib
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

_OP_REPLY, _OP_QUERY, _OP_MSG = 1, 2004, 2013
HELLO = {
    "ok": 1.0,
    "isWritablePrimary": True,
    "ismaster": True,
    "helloOk": True,
    "maxBsonObjectSize": 16_777_216,
    "maxMessageSizeBytes": 48_000_000,
    "maxWriteBatchSize": 100_000,
    "minWireVersion": 0,
    "maxWireVersion": 21,
    "readOnly": False,
}


class _Long:
    """Zero, in 64 bits: a cursor that is at its end."""


def encode(document: dict[str, Any]) -> bytes:
    body = b"".join(_element(name.encode() + b"\0", value) for name, value in document.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def _element(name: bytes, value: Any) -> bytes:
    kind, data = _typed(value)
    return bytes([kind]) + name + data


def _typed(value: Any) -> tuple[int, bytes]:
    if isinstance(value, str):
        text = value.encode() + b"\0"
        return 2, struct.pack("<i", len(text)) + text
    if isinstance(value, list):
        return 4, encode({str(place): item for place, item in enumerate(value)})
    if isinstance(value, dict):
        return 3, encode(value)
    return _SIMPLE[type(value)](value)


_SIMPLE: dict[type, Callable[[Any], tuple[int, bytes]]] = {
    bool: lambda value: (8, bytes([value])),
    float: lambda value: (1, struct.pack("<d", value)),
    int: lambda value: (16, struct.pack("<i", value)),
    bytes: lambda value: (3, value),  # a document as it came
    _Long: lambda _: (18, bytes(8)),
}


def first_name(document: bytes) -> str:
    """Of a command's document: the command."""
    return document[5 : document.index(b"\0", 5)].decode()


def first_inserted(command: bytes) -> bytes:
    """Of an insert: the document, as it came, out of the array of them."""
    begin = command.index(b"\x04documents\0") + len(b"\x04documents\0") + 4 + len(b"\x030\0")
    (length,) = struct.unpack_from("<i", command, begin)
    return command[begin : begin + length]


class _Conversation(socketserver.StreamRequestHandler):
    kept: list[bytes]

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, struct.error):
            while True:
                size, number, _, kind = struct.unpack("<4i", self.rfile.read(16))
                self._answer(kind, number, self.rfile.read(size - 16))

    def _answer(self, kind: int, number: int, body: bytes) -> None:
        if kind == _OP_QUERY:  # the driver's first word, in the old dialect
            self._send(_OP_REPLY, number, struct.pack("<iqii", 8, 0, 0, 1) + encode(HELLO))
            return
        (length,) = struct.unpack_from("<i", body, 5)
        command = body[5 : 5 + length]
        reply = self._reply(command)
        self._send(_OP_MSG, number, struct.pack("<iB", 0, 0) + encode(reply))

    def _reply(self, document: bytes) -> dict[str, Any]:
        command = first_name(document)
        if command == "insert":
            self.kept.append(first_inserted(document))
            return {"ok": 1.0, "n": 1}
        if command == "find":
            return {"ok": 1.0, "cursor": {"id": _Long(), "ns": "shop.orders", "firstBatch": [*self.kept]}}
        return HELLO if command in {"hello", "ismaster"} else {"ok": 1.0}

    def _send(self, kind: int, number: int, body: bytes) -> None:
        self.wfile.write(struct.pack("<4i", len(body) + 16, 1, number, kind) + body)


@contextlib.contextmanager
def mongo(port: int) -> Iterator[None]:
    handler = type("Conversation", (_Conversation,), {"kept": []})
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()
