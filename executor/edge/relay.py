"""A request for the console: passed on over its socket, answer and all.

Only for the embedded default, where one port serves everything; in production an ordinary reverse proxy
does this. One upstream connection a request keeps the framing simple; connecting to a unix socket costs
some 50 µs, and the console's own work a hundred times that.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import cast

import httptools

from executor.edge.exchange import Connection, Exchange
from executor.edge.headers import HOP_BY_HOP, Fields
from executor.edge.request import Request

HOLD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where the console listens: a unix socket, or a host and port."""

    socket: str | None
    host: str = ""
    port: int = 0

    async def connect(self, protocol: asyncio.Protocol) -> asyncio.Transport:
        loop = asyncio.get_running_loop()
        if self.socket is not None:
            local, _ = await loop.create_unix_connection(lambda: protocol, self.socket)
            return local
        remote, _ = await loop.create_connection(lambda: protocol, self.host, self.port)
        return remote


def forwarded_head(request: Request, extra: list[tuple[str, str]]) -> bytes:
    """The request's head for the console. What a client says of itself in X-Forwarded-* is not passed on."""
    lines = [f"{request.method} {request.url} HTTP/1.1\r\n"]
    for raw_name, raw_value in request.headers:
        name = raw_name.decode("latin-1")
        low = name.lower()
        if low not in HOP_BY_HOP and low != "expect" and not low.startswith("x-forwarded-"):
            lines.append(f"{name}: {raw_value.decode('latin-1')}\r\n")
    own = [("X-Forwarded-For", request.client), ("X-Forwarded-Proto", request.scheme), *extra]
    lines += [f"{name}: {value}\r\n" for name, value in own]
    return "".join([*lines, "\r\n"]).encode("latin-1")


class Relay(Exchange):
    def __init__(self, connection: Connection, request: Request, upstream: Upstream) -> None:
        super().__init__(connection, request)
        self._upstream = upstream
        self._console = ConsoleConnection(self)
        # Set once the head is written: the connection is there a moment earlier, and body bytes that came in
        # that moment would go out before the head.
        self._out: asyncio.Transport | None = None
        self._chunked_body = request.header(b"transfer-encoding") is not None
        self._held: deque[bytes] = deque()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        try:
            transport = await self._upstream.connect(self._console)
        except OSError as error:
            text = f"The console does not answer ({error.strerror}). It may be starting: try again."
            self.refuse(503, text, headers=(("retry-after", "1"),))
            return
        # Not "Connection: close": a console that answers before it has read the body (401) would close on what we
        # are still sending, and the failing write would cost us its answer. We close when we have all of it.
        extra = [("Transfer-Encoding", "chunked")] if self._chunked_body else []
        transport.write(forwarded_head(self.request, extra))
        self.invite_body()
        while self._held:
            transport.write(self._held.popleft())
        self._out = transport
        self.connection.resume()

    def on_body(self, data: bytes) -> None:
        self._pass(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked_body else data)

    def on_body_end(self) -> None:
        if self._chunked_body:
            self._pass(b"0\r\n\r\n")

    def _pass(self, data: bytes) -> None:
        if self._out is not None:
            self._out.write(data)
            return
        self._held.append(data)
        if sum(map(len, self._held)) > HOLD_BYTES:
            self.connection.pause()

    def on_gone(self) -> None:
        self.disconnected = True
        if self._task is not None:
            self._task.cancel()
        self._console.abort()

    def on_writable(self) -> None:
        if self._console.transport is not None:
            self._console.transport.resume_reading()


class ConsoleConnection(asyncio.Protocol):
    """The relay's connection to the console, and httptools' callbacks for the answer that comes over it."""

    def __init__(self, relay: Relay) -> None:
        self.transport: asyncio.Transport | None = None
        self._relay = relay
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[str, str]] = []
        self._reason = b""

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    # -- asyncio.Protocol ----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def pause_writing(self) -> None:
        self._relay.connection.pause()

    def resume_writing(self) -> None:
        self._relay.connection.resume()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"its answer is not HTTP ({error})")
            return
        if (
            self.transport is not None
            and not self._relay.response_complete
            and self._relay.connection.choked()
        ):
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._relay.response_complete and not self._relay.disconnected:
            self._fail("it closed the connection before its answer was whole")

    def _fail(self, reason: str) -> None:
        self._relay.refuse(502, f"The console failed to answer: {reason}.")
        self.abort()

    # -- httptools -----------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._headers, self._reason = [], b""

    def on_status(self, reason: bytes) -> None:
        self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        text = name.decode("latin-1")
        if text.lower() not in HOP_BY_HOP:
            self._headers.append((text, value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            return
        self._relay.send_head(status, self._reason.decode("latin-1"), Fields.of(self._headers))
        if self._relay.request.method == "HEAD":
            # The parser cannot know that the announced body will not come.
            self._relay.finish()
            self.abort()

    def on_body(self, data: bytes) -> None:
        self._relay.send_body(data)

    def on_message_complete(self) -> None:
        if self._relay.status and not self._relay.response_complete:
            self._relay.finish()
            self.abort()
