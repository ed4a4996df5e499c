"""A run whose body is streamed in as the worker takes it."""

from collections import deque

from executor.contract import Deployment
from executor.edge.exchange import Connection
from executor.edge.request import Request
from executor.edge.run import Run, Services
from executor.limits import LIMITS
from executor.pool.stream import Stream
from executor.pool.worker import Worker
from executor.router import Target

# Body bytes held while the worker is still being found; beyond it the client is made to wait.
HOLD_BYTES = 64 * 1024
_BODY = LIMITS["body_bytes"]


class StreamedRun(Run):
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
            if self._held_bytes > HOLD_BYTES:
                self.connection.pause()

    def on_body_end(self) -> None:
        self._body_ended = True
        if self._stream is not None and self.request.has_body:
            self._stream.end()

    def _too_large(self, deployment: Deployment, size: int) -> None:
        self._drop_stream()
        limit = deployment.limits.body_bytes
        self.tell("warn", f"stopped: the request body is larger than allowed {_BODY.reached(limit, size)}")
        self.refuse(413, f"The request body is larger than this webtask's limit of {limit:,} bytes.")
