"""A connection between two requests: kept for a while, then closed."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Waiting(HttpToolsProtocol):
    """uvicorn sets and cancels a timer for each request; here one runs and looks, when it fires, whether it should
    have been set anew: most never matter.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Since when the connection waits for its next request; None while it does not.
        self._waiting_since: float | None = None

    def _wait_for_next(self) -> None:
        self._waiting_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._set_timer(self.timeout_keep_alive)

    def _stop_waiting(self) -> None:
        self._waiting_since = None

    def _set_timer(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self._waiting_since is None:
            return
        left = self._waiting_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._set_timer(left)
        else:
            super().timeout_keep_alive_handler()
