"""One request and its answer on a client's connection: the side that faces the client.

uvicorn's HTTP protocol class knows its own RequestResponseCycle; an Exchange stands in its place, so it has
the attributes that class reads (`response_complete`, `disconnected`, `keep_alive`, `message_event`).
"""

import http
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Protocol

from executor.contract import INVOCATION_HEADER, SOURCE_HEADER
from executor.edge.headers import Fields
from executor.edge.request import Request, next_invocation_id

BODYLESS = (204, 304)


class _NoEvent:
    """uvicorn sets an event when a client leaves; an Exchange is told by `on_gone` instead."""

    def set(self) -> None: ...


class Connection(Protocol):
    """What an Exchange may do with its client's connection."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def pause(self) -> None:
        """Read no more of the request until `resume`."""

    def resume(self) -> None: ...
    def end_writing(self) -> None:
        """Nothing more will be written; what the client still says is read."""

    def choked(self) -> bool:
        """The client reads slower than we write; `Exchange.on_writable` tells when it has caught up."""

    def dated(self) -> str:
        """The Date header's line, renewed once a second (RFC 9110 section 6.6.1)."""

    def completed(self) -> None:
        """The answer is whole: the next pipelined request may start."""


class Exchange:
    message_event = _NoEvent()

    def __init__(self, connection: Connection, request: Request) -> None:
        self.connection = connection
        self.request = request
        self.id = next_invocation_id()
        self.keep_alive = request.keep_alive
        self.disconnected = False
        self.response_complete = False
        self.status = 0
        self._chunked = False
        self._left: int | None = None  # bytes still due to a Content-Length
        self._awaits_continue = request.expects_continue

    # -- what a kind of exchange does ----------------------------------------------------------------------

    def start(self) -> None:
        """The connection is this exchange's now: nothing before it is unanswered."""
        raise NotImplementedError

    def on_body(self, data: bytes) -> None:
        raise NotImplementedError

    def on_body_end(self) -> None:
        raise NotImplementedError

    def on_gone(self) -> None:
        """The client closed its connection."""
        raise NotImplementedError

    def on_writable(self) -> None:
        """The client's buffer has drained."""

    # -- answering -----------------------------------------------------------------------------------------

    def invite_body(self) -> None:
        """Answers `Expect: 100-continue`, once, when the body is really wanted."""
        if self._awaits_continue:
            self._awaits_continue = False
            self.connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def send_head(self, status: int, reason: str, fields: Fields, *, own: str = "") -> None:
        """The length in `fields` decides the framing; `own` are lines of ours."""
        self.status = status
        self._awaits_continue = False
        self._left = fields.length
        if self.request.method == "HEAD" or status in BODYLESS:
            self._left = 0
        elif self._left is None:
            self._chunked = self.request.http == "1.1"
            self.keep_alive = self.keep_alive and self._chunked
        framing = "transfer-encoding: chunked\r\n" if self._chunked else ""
        if not self.keep_alive:
            framing += "connection: close\r\n"
        first = f"HTTP/1.1 {status} {reason or _phrase(status)}\r\n"
        self.connection.write(f"{first}{fields.lines}{own}{framing}\r\n".encode("latin-1"))

    def send_body(self, data: bytes) -> None:
        if self.disconnected or not data:
            return
        if self._chunked:
            self.connection.write(b"%x\r\n%b\r\n" % (len(data), data))
            return
        if self._left is not None:
            data = data[: self._left]  # more than was announced would be read as the next answer
            self._left -= len(data)
        self.connection.write(data)

    def finish(self, trailers: Iterable[tuple[str, str]] = ()) -> None:
        if self.response_complete:
            return
        if self._chunked and not self.disconnected:
            tail = "".join(f"{name}: {value}\r\n" for name, value in trailers)
            self.connection.write(f"0\r\n{tail}\r\n".encode("latin-1"))
        if self._left:
            self.keep_alive = False  # less than was announced: only closing tells the client
        self._complete()

    def cut(self) -> None:
        """Breaks off an answer that cannot be finished: the client must not take it for whole."""
        if not self.response_complete:
            self.keep_alive = False
            self._complete()

    def _complete(self) -> None:
        self.response_complete = True
        if self.disconnected:
            return
        if not self.keep_alive:
            self.connection.close()
        self.connection.completed()

    def refuse(
        self, status: int, message: str, *, headers: tuple[tuple[str, str], ...] = (), **more: Any
    ) -> None:
        """An answer of our own in the protocol's shape; after a head was sent, only cutting is left."""
        if self.response_complete:
            return
        if self.status:
            self.cut()
            return
        body = json.dumps({"code": status, "message": message, "req_id": self.id, **more}, indent=2).encode()
        own = (
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("x-content-type-options", "nosniff"),
            (SOURCE_HEADER, "proxy"),
            (INVOCATION_HEADER, self.id),
        )
        self.send_head(status, "", Fields.of((*own, *headers)), own=self.connection.dated())
        if self.request.method != "HEAD":
            self.send_body(body)
        self.finish()


@lru_cache
def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""
