"""How long the parts of one run took, until its answer began: for whoever tries out what they write."""

import time

from executor.contract import TIMING_HEADER
from executor.pool.worker import Worker


class Timing:
    def __init__(self) -> None:
        self._last = time.monotonic()
        self._parts: dict[str, float] = {}

    def asked(self) -> None:
        """The console has said what to run."""
        self._add("ask", self._lap())

    def started(self, worker: Worker) -> None:
        """The worker is there. A warm one was at once; a new one may have waited for a place."""
        took = self._lap()
        queued = 0.0 if worker.served else min(worker.queued, took)
        self._add("queue", queued)
        self._add("start", took - queued)

    def line(self) -> str:
        """The header's, at the head of the answer: what is left until then is the code's own."""
        self._add("run", self._lap())
        parts = ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in self._parts.items())
        return f"{TIMING_HEADER}: {parts}\r\n"

    def _add(self, name: str, seconds: float) -> None:
        self._parts[name] = self._parts.get(name, 0.0) + seconds

    def _lap(self) -> float:
        now = time.monotonic()
        last, self._last = self._last, now
        return now - last
