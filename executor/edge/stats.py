"""What the original told of itself with each answer: JSON in two headers. Clients of cron jobs parse them."""

import itertools
import json
import time
from secrets import token_hex

from executor.contract import PROXY_STATS_HEADER, STATS_HEADER
from executor.pool.worker import Worker

# To tell each answer's true figures would cost more than they are worth.
STALE_SECONDS = 1.0
# Tells executors apart, and says nothing of the machine.
_HOST = token_hex(4)
MAX_KINDS = 20
_numbers = itertools.count()


class Stats:
    """Of one worker."""

    __slots__ = ("_after", "_before", "_born", "_name", "_statuses", "_until", "_worker")

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._name = f"{_HOST}-{next(_numbers)}"
        self._born = worker.now()
        self._until = 0.0
        self._statuses: dict[int, int] = {}
        self._before = self._after = ""

    def lines(self, status: int, request: str) -> str:
        """The header lines of an answer to the request of this id."""
        seen = self._statuses.get(status, 0)
        if seen or len(self._statuses) < MAX_KINDS:
            self._statuses[status] = seen + 1
        now = self._worker.now()
        if now > self._until:
            self._renew(now)
        return f"{self._before}{request}{self._after}"

    def _renew(self, now: float) -> None:
        self._until = now + STALE_SECONDS
        uptime = round(now - self._born, 3)
        both = {"time": int(time.time() * 1000), "uptime": uptime, "memory": self._worker.held}
        proxy = _json({"proxy_host": _HOST, "container_id": self._name, **both, "req_id": ""})
        own = _json({"response": self._statuses, **both})
        self._before = f"{PROXY_STATS_HEADER}: {proxy[:-2]}"
        self._after = f'"}}\r\n{STATS_HEADER}: {own}\r\n'


def stats_of(worker: Worker) -> Stats:
    if worker.told is None:
        worker.told = Stats(worker)
    told: Stats = worker.told
    return told


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, separators=(",", ":"))
