"""A run whose body is streamed in as the worker takes it."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any

from executor.contract import Deployment
from executor.edge.exchange import Connection
from executor.edge.gate import BODY_SECONDS, MAX_SIGNED
from executor.edge.moved import url_now
from executor.edge.request import Request
from executor.edge.run import Run
from executor.edge.services import Services
from executor.limits import LIMITS
from executor.pool.stream import Stream
from executor.pool.worker import Worker
from executor.router import Target
from executor.source import Refused

# Body bytes held while the worker is still being found; beyond it the client is made to wait.
HOLD_BYTES = 64 * 1024
_BODY = LIMITS["body_bytes"]


class StreamedRun(Run):
    # Set where the guard must see the whole body before the worker does, and how large that may be.
    _gathered: "asyncio.Future[None] | None" = None
    _most_signed = 0

    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request, services, target)
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._body_bytes = 0
        self._body_ended = False

    def _open(self, worker: Worker, deployment: Deployment) -> None:
        announced = self.request.header(b"content-length") or "0"
        size = max(self._body_bytes, int(announced))
        if size > deployment.limits.body_bytes:
            self.deployment, self._worker = deployment, worker
            self._too_large(deployment, size)
        else:
            super()._open(worker, deployment)

    def _head(self, handle: int) -> dict[str, Any]:
        """Code looks for its own name in the URL: it finds the one that it is told as its container."""
        head = super()._head(handle)
        if self.deployment is not None and self.deployment.team != self.target.team:
            head["url"] = url_now(self.request.url, self.target, self.deployment.team)
        return head

    async def _signed_body(self, deployment: Deployment) -> Iterable[bytes]:
        if self._gathered is None and self.request.has_body:
            self._gathered = asyncio.get_running_loop().create_future()
            self._most_signed = min(deployment.limits.body_bytes, MAX_SIGNED)
            self._hold(int(self.request.header(b"content-length") or "0"))
            if not self._body_ended:
                await self._gather(min(deployment.limits.wall_ms / 1000, BODY_SECONDS))
        return self._held

    async def _gather(self, seconds: float) -> None:
        """Raises Refused."""
        assert self._gathered is not None
        self.invite_body()
        self.connection.resume()
        try:
            async with asyncio.timeout(seconds):
                await self._gathered
        except TimeoutError:
            self.keep_alive = False
            raise Refused(408, f"The body did not come within {seconds:g} s.") from None

    def _hold(self, announced: int) -> None:
        """Room for what has come, or is too large already. Raises Refused."""
        if max(self._body_bytes, announced) > self._most_signed:
            raise Refused(
                413, f"A signed request to this webtask may have a body of {self._most_signed:,} bytes."
            )
        assert self._entry is not None
        self.services.gate.hold(self._entry, self._body_bytes)

    def _opened(self, stream: Stream) -> None:
        self.invite_body()
        while self._held:
            stream.send(self._held.popleft())
        if self._body_ended and self.request.has_body:
            stream.end()
        self.connection.resume()

    def on_body(self, data: bytes) -> None:
        self._body_bytes += len(data)
        if self.deployment is not None and self._body_bytes > self.deployment.limits.body_bytes:
            self._too_large(self.deployment, self._body_bytes)
        elif self._stream is not None:
            if not self._stream.send(data):
                self.connection.pause()
        elif self.deployment is None:
            self._held.append(data)
            self._held_bytes += len(data)
            self._wait_or_gather()

    def _wait_or_gather(self) -> None:
        if self._gathered is None:
            if self._held_bytes > HOLD_BYTES:
                self.connection.pause()
        elif not self._gathered.done():
            try:
                self._hold(0)
            except Refused as error:
                self._gathered.set_exception(error)

    def on_body_end(self) -> None:
        self._body_ended = True
        if self._gathered is not None and not self._gathered.done():
            self._gathered.set_result(None)
        if self._stream is not None and self.request.has_body:
            self._stream.end()

    def _too_large(self, deployment: Deployment, size: int) -> None:
        self._drop_stream()
        limit = deployment.limits.body_bytes
        self.tell("warn", f"stopped: the request body is larger than allowed {_BODY.reached(limit, size)}")
        self.refuse(413, f"The request body is larger than this webtask's limit of {limit:,} bytes.")
