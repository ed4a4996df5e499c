"""The HTTP side of the public port: uvicorn's httptools protocol with its ASGI half taken out.

uvicorn keeps the parsing, keep-alive, pipelining and draining; where it would start an ASGI task, an
Exchange starts. Measured, that is what makes the difference between 0.31-0.39 and 0.45-0.69 of plain Node.
"""

import asyncio
import contextlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httptools

from executor.cork import Cork
from executor.edge.choice import choose
from executor.edge.exchange import Exchange
from executor.edge.refusal import Refusal
from executor.edge.request import Request
from executor.edge.splice import splice
from executor.edge.upgrade import UpgradeRun
from executor.edge.waiting import Waiting

if TYPE_CHECKING:
    from executor.app import App

MAX_HEAD_BYTES = 64 * 1024
LINGER_SECONDS = 2.0


class EdgeProtocol(Waiting):
    """One connection. `self.app`, uvicorn's ASGI application, is the executor's App here."""

    app: "App"
    cycle: Exchange | None  # type: ignore[assignment]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._in_head = True
        self._head_bytes = 0
        self._active: Exchange | None = None
        self._splicing: Request | None = None
        # What takes the bytes after the head of a request for another protocol.
        self._upgraded: UpgradeRun | None = None
        # The parser's callbacks repeat, or are too early for, what is known of the present request.
        self._muted = False
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._cork = Cork(self.loop, transport)

    # -- reading -------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._stop_waiting()
        while data:
            data = self._read(data)

    def _read(self, data: bytes) -> bytes:
        """Returns what is still to be read, by a parser of its own."""
        if self._refused:
            return b""
        if self._upgraded is not None:
            self._upgraded.on_bytes(data)
            return b""
        if self._in_head:
            self._head_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        except httptools.HttpParserUpgrade as upgrade:
            return self._upgrade(data[upgrade.args[0] :])
        else:
            if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
                # Without a bound a client could fill our memory with one endless header.
                self.send_400_response(f"The request's head is larger than {MAX_HEAD_BYTES} bytes.")
        return b""

    def send_400_response(self, msg: str) -> None:
        """Refuses what cannot be parsed, and reads on without looking for a moment.

        Closing at once, with the client's bytes unread, would make the kernel reset the connection and the
        client lose the answer (RFC 9112 section 9.6).
        """
        self._refused = True
        Refusal(self, Request.unreadable(), 400, msg).start()

    def on_message_begin(self) -> None:
        if self._muted:
            return
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._in_head = True

    def on_url(self, url: bytes) -> None:
        if not self._muted:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._muted:
            return
        # Kept as sent: a webtask sees `rawHeaders` as on plain Node.
        self.headers.append((name, value))
        if len(name) == 6 and name.lower() == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True

    def on_headers_complete(self) -> None:
        if self._muted:
            return
        self._in_head = False
        self._head_bytes = 0
        http = self.parser.get_http_version()
        request = Request(
            method=self.parser.get_method().decode("ascii"),
            url=self.url.decode("latin-1"),
            http=http,
            headers=self.headers,
            client=self.client[0] if self.client else "",
            scheme=self.scheme or "http",
            keep_alive=http != "1.0" and self.parser.should_keep_alive(),
            expects_continue=self.expect_100_continue,
        )
        self.app.proxies.introduce(request)
        exchange = choose(self, request, self.app, offers=self.parser.should_upgrade())
        if exchange is None:
            self._splicing = request  # httptools raises HttpParserUpgrade next
            return
        # To the parser an offer ends the message, taken or not: see _decline.
        self._muted = self.parser.should_upgrade() and request.has_body
        before, self.cycle = self.cycle, exchange
        if before is None or before.response_complete:
            self._begin(exchange)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((exchange, self.app))  # type: ignore[arg-type]

    def on_body(self, body: bytes) -> None:
        if self.cycle is not None and self._splicing is None and not self.cycle.response_complete:
            self.cycle.on_body(body)

    def on_message_complete(self) -> None:
        if self._muted or self.cycle is None or self._splicing is not None:
            return
        if not self.cycle.response_complete:
            self.cycle.on_body_end()

    def _begin(self, exchange: Exchange) -> None:
        # Not always `self.cycle`: that is the newest of several pipelined requests.
        self._active = exchange
        exchange.start()

    def _upgrade(self, rest: bytes) -> bytes:
        """`rest` follows the head of a request that offers another protocol. Returns what of it is HTTP all the same."""
        if isinstance(self.cycle, UpgradeRun):
            self._upgraded = self.cycle
            self._upgraded.on_bytes(rest)
        elif self._splicing is not None:
            self.connections.discard(self)
            self._cork.flush()
            splice(self.app.upstream, self.transport, self._splicing, rest, connections=self.connections)
        else:
            self._decline()
            return rest
        return b""

    def _decline(self) -> None:
        """Nobody takes the offer (curl makes one of h2c): it is a plain request, whose body the parser has not read.

        A new parser reads on; of the head it needs what says where the body ends. Else a body would be taken for
        the next request.
        """
        framing = [
            b"%b: %b\r\n" % pair
            for pair in self.headers
            if pair[0].lower() in {b"content-length", b"transfer-encoding"}
        ]
        self.parser = httptools.HttpRequestParser(self)
        self._muted = True
        with contextlib.suppress(httptools.HttpParserError):  # raised again by the bytes that follow
            self.parser.feed_data(b"".join([b"POST / HTTP/1.1\r\n", *framing, b"\r\n"]))
        self._muted = False

    # -- Connection, as an Exchange sees it ----------------------------------------------------------------

    def write(self, data: bytes) -> None:
        self._cork.write(data)

    def close(self) -> None:
        self._cork.flush()
        if self._refused:
            self.transport.write_eof()
            self.loop.call_later(LINGER_SECONDS, self.transport.close)
        else:
            self.transport.close()

    def shutdown(self) -> None:
        self._cork.flush()
        if self._upgraded is not None and self._upgraded.status:
            self.transport.close()  # it would go on for as long as its client likes
        super().shutdown()

    def pause(self) -> None:
        self.flow.pause_reading()

    def resume(self) -> None:
        if not self.pipeline:
            self.flow.resume_reading()

    def end_writing(self) -> None:
        self._cork.flush()
        if not self.transport.is_closing():
            self.transport.write_eof()

    def choked(self) -> bool:
        return self.flow.write_paused

    def dated(self) -> str:
        return _lines(tuple(self.server_state.default_headers))

    def completed(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._begin(self.pipeline.pop()[0])  # type: ignore[arg-type]
        else:
            self._wait_for_next()

    # -- asyncio.Protocol ----------------------------------------------------------------------------------

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._active is not None and not self._active.response_complete:
            self._active.on_writable()

    def eof_received(self) -> bool:  # type: ignore[override]
        """True keeps the connection open for what is still to be said on it."""
        if self._upgraded is None or self._upgraded.response_complete:
            return False
        self._upgraded.on_bytes_end()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.pipeline.clear()
        if self._active is not None and not self._active.response_complete:
            self._active.on_gone()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)


@lru_cache(maxsize=2)
def _lines(headers: tuple[tuple[bytes, bytes], ...]) -> str:
    return "".join(f"{name.decode()}: {value.decode()}\r\n" for name, value in headers)
