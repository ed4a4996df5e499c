"""The workers of one slot: which of them takes a request, when they need one more, when one has nothing to do."""

from collections import Counter

from executor.contract import Deployment
from executor.limits import LIMITS
from executor.pool.states import State
from executor.pool.worker import Worker

# Open requests of a worker that may well be waiting for something else than for each other.
FEW = 4
# The part of a processor from which on a worker's own code is what its requests wait for.
BUSY = 0.5
# A burst is over before a second worker has loaded its code.
CROWDED_LOOKS = 2
SPARE_SECONDS = 60.0
# A worker is replaced before what it has gathered reaches its memory limit: per cent of it. One that needs as much
# from the start is not replaced for each request.
GROWN = 60
LEAST_SERVED = 100


class Crew:
    """All are bound to `deployment`, or, for ad-hoc code, to others of its slot as well."""

    def __init__(self, deployment: Deployment, first: Worker) -> None:
        self.deployment = deployment
        self.workers = [first]
        # Requests that a limit, by its name, refused and nobody has told of yet.
        self.turned_away: Counter[str] = Counter()
        self.growing = False
        self._crowded = 0

    def pick(self, deployment: Deployment) -> Worker | None:
        """The least loaded one that serves `deployment`."""
        if len(self.workers) == 1:
            worker = self.workers[0]
            return worker if worker.serves(deployment) else None
        able = [worker for worker in self.workers if worker.serves(deployment)]
        return min(able, key=_load, default=None)

    @property
    def open(self) -> int:
        """Requests under way; those of workers that take no more are not counted."""
        return sum(len(worker.streams) for worker in self.workers if worker.state is State.BOUND)

    def crowded(self) -> bool:
        """Whether one more worker would help. To be asked once for each look of the watchdog's."""
        able = [worker for worker in self.workers if worker.state is State.BOUND]
        full = bool(able) and all(_crowded(worker) for worker in able)
        self._crowded = self._crowded + 1 if full else 0
        # Ad-hoc code is run once for each request that brings it: another worker must not run it unasked.
        named = self.deployment.webtask is not None
        return self._crowded >= CROWDED_LOOKS and named and len(able) < self.deployment.limits.workers

    def spare(self, now: float) -> Worker | None:
        """One of several that had nothing to do for a while."""
        able = [worker for worker in self.workers if worker.state is State.BOUND]
        idle = [worker for worker in able if not worker.streams and now - worker.idle_since > SPARE_SECONDS]
        return idle[-1] if idle and len(able) > 1 else None

    def worn(self, requests: int) -> Worker | None:
        """One that served so many, or has grown too much."""
        return next((worker for worker in self.workers if _worn(worker, requests)), None)

    def retire(self, *, at_once: bool = False) -> None:
        for worker in list(self.workers):
            worker.retire(at_once=at_once)

    def tell_turned_away(self) -> None:
        """In one line for all: whoever calls too often must not fill the log as well."""
        for name, count in self.turned_away.items():
            row, limit = LIMITS[name], getattr(self.deployment.limits, name)
            self.workers[0].say("warn", f"{row.log}, {count:,} of them {row.reached(limit, limit)}", "")
        self.turned_away.clear()


def _worn(worker: Worker, requests: int) -> bool:
    if worker.state is not State.BOUND or worker.served < min(LEAST_SERVED, requests):
        return False
    grown = worker.grown * 100 > worker.limits.memory_bytes * GROWN
    return grown or worker.served >= requests


def _load(worker: Worker) -> tuple[bool, int]:
    return worker.pulse.slow, len(worker.streams)


def _crowded(worker: Worker) -> bool:
    waiting = len(worker.streams)
    return (worker.pulse.slow and waiting > 1) or (waiting > FEW and worker.meter.load > BUSY)
