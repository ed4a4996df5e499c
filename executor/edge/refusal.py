"""An exchange that is answered by the edge itself, at once."""

from executor.edge.exchange import Connection, Exchange
from executor.edge.request import Request


class Refusal(Exchange):
    def __init__(self, connection: Connection, request: Request, status: int, message: str) -> None:
        super().__init__(connection, request)
        self._answer = (status, message)

    def start(self) -> None:
        self.refuse(*self._answer)

    def on_body(self, data: bytes) -> None:
        """Nobody wants it."""

    def on_body_end(self) -> None:
        """Nobody waits for it."""

    def on_gone(self) -> None:
        self.disconnected = True
