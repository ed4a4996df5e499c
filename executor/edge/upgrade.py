"""A request that offers another protocol, WebSocket above all: after a 101 bytes pass both ways, unread."""

import re
import time
from collections.abc import Sequence
from typing import Any

from executor.contract import Deployment
from executor.edge.exchange import Connection
from executor.edge.headers import Fields
from executor.edge.named import NamedRun
from executor.edge.request import Request
from executor.edge.services import Services
from executor.edge.streamed import HOLD_BYTES
from executor.egress.meters import Minute
from executor.limit import Limit, size
from executor.limits import LIMITS
from executor.logs.line import epoch_ms
from executor.pool.stream import SWITCHING, Stream
from executor.pool.worker import Worker
from executor.router import Target
from executor.visits import Visit

# There is no body after a 101 that it could be the length of.
_LENGTH = re.compile(r"^content-length:.*\r\n", re.IGNORECASE | re.MULTILINE)
_IN, _OUT = LIMITS["body_bytes"], LIMITS["response_bytes"]


class UpgradeRun(NamedRun):
    """Whatever the answer, what follows the request's head is no request: the connection ends with this run.

    The limits of a request's and an answer's body are those of a minute here. Who was let in to what is private is there
    for as long as they may be.
    """

    may_redirect = False

    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request, services, target)
        self.keep_alive = False
        self._protocol = ""
        self._bytes_ended = False
        self._came = self._went = 0
        self._visit: Visit | None = None
        self._coming = self._going = Minute(time.monotonic, 0)

    def _head(self, handle: int) -> dict[str, Any]:
        return {**super()._head(handle), "upgrade": True}

    def _open(self, worker: Worker, deployment: Deployment) -> None:
        self._coming = Minute(time.monotonic, deployment.limits.body_bytes)
        self._going = Minute(time.monotonic, deployment.limits.response_bytes)
        super()._open(worker, deployment)

    def _opened(self, stream: Stream) -> None:
        self.connection.resume()
        while self._held:
            self._pass_in(self._held.popleft())
        if self._bytes_ended:
            self.on_bytes_end()

    # -- the client's side ---------------------------------------------------------------------------------

    def on_bytes(self, data: bytes) -> None:
        if not data or self.response_complete:
            return
        if self._stream is not None:
            self._pass_in(data)
            return
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > HOLD_BYTES:
            self.connection.pause()

    def _pass_in(self, data: bytes) -> None:
        self._came += len(data)
        if not self._within(self._coming, len(data), _IN) or self._stream is None:
            return
        if not self._stream.send(data):
            self.connection.pause()

    def on_bytes_end(self) -> None:
        """The client will send no more, and still listens."""
        self._bytes_ended = True
        if self._stream is not None:
            self._stream.end()
            self._finish_if_over()

    def on_credit(self) -> None:
        super().on_credit()
        self._finish_if_over()

    def _finish_if_over(self) -> None:
        if self._stream is not None and self._stream.over:
            self._stream = None
            self.finish()

    # -- the guest's side ----------------------------------------------------------------------------------

    def on_answer_head(self, status: int, reason: str, headers: Sequence[str], source: str) -> None:
        if status == SWITCHING:
            self._protocol = self._chosen(headers)
            if not self._protocol:
                self._drop_stream()
                self.refuse(502, "The webtask switched to a protocol that the request does not offer.")
                return
        super().on_answer_head(status, reason, headers, source)
        self._visit = self._author_visit or (self._entry.visit if self._entry is not None else None)
        if self._visit is not None and self.status == SWITCHING and not self.response_complete:
            self.services.visits.enter(self._visit, self._dismiss)

    def _dismiss(self) -> None:
        self._drop_stream()
        self.tell("info", "closed: whoever opened it may not call the webtask any more")
        self.cut()

    def _depart(self) -> None:
        super()._depart()
        if self._visit is not None:
            self.services.visits.depart(self._visit, self._dismiss)

    def _chosen(self, headers: Sequence[str]) -> str:
        """The offered protocol that the answer names, as the client wrote it; "" when it names none of them."""
        words = (word.strip() for word in (self.request.header(b"upgrade") or "").split(","))
        offered = {word.lower(): word for word in words}
        pairs = zip(headers[::2], headers[1::2], strict=True)
        named = next((value for name, value in pairs if name.lower() == "upgrade"), "")
        return offered.get(named.strip().lower(), "")

    def send_head(self, status: int, reason: str, fields: Fields, *, own: str = "") -> None:
        if status != SWITCHING:
            super().send_head(status, reason, fields, own=own)
            return
        self.status = status
        switch = f"connection: Upgrade\r\nupgrade: {self._protocol}\r\n"
        head = f"HTTP/1.1 101 {reason or 'Switching Protocols'}\r\n{switch}{_LENGTH.sub('', fields.lines)}{own}\r\n"
        self.connection.write(head.encode("latin-1"))

    def on_answer_body(self, data: bytes) -> None:
        if self.status != SWITCHING:
            super().on_answer_body(data)
            return
        self._went += len(data)
        if self._within(self._going, len(data), _OUT):
            self._pass_out(data)

    def on_answer_end(self, trailers: Sequence[str]) -> None:
        if self._stream is None or self._stream.over:
            super().on_answer_end(trailers)
        else:
            self.connection.end_writing()

    # -- limits and records --------------------------------------------------------------------------------

    def _within(self, minute: Minute, amount: int, limit: Limit) -> bool:
        """Whether so many more bytes may pass; ends the connection when they may not."""
        minute.add(amount)
        if minute.used <= minute.limit:
            return True
        self._drop_stream()
        reached = limit.reached(minute.limit, minute.used)
        self.tell("error", f"closed: more passed in a minute than allowed {reached}")
        self.refuse(413, f"More than the webtask's limit of {minute.limit:,} bytes came in a minute.")
        return False

    def _record(self) -> None:
        if self.status == SWITCHING and not self._recorded:
            ms = epoch_ms() - self._began
            self.tell(
                "debug",
                f"connection closed after {ms:,.0f} ms: {size(self._came)} in, {size(self._went)} out",
            )
        super()._record()
