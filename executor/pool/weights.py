"""Processors by team, not by worker: the busy workers of a team weigh together what one busy worker of another does.

Only where the host has control groups; elsewhere the kernel shares processors out among processes.
"""

from collections import Counter
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from executor.pool.worker import Worker

WHOLE = 100  # per cent of what the kernel gives a group by itself
# Of a processor. Code may be busy without a request.
BUSY = 0.1


class Weights:
    def __init__(self) -> None:
        self._given: WeakKeyDictionary[Worker, int] = WeakKeyDictionary()

    def balance(self, teams: Mapping[Worker, str]) -> None:
        """To be called now and then, with each worker's team."""
        busy = {worker: team for worker, team in teams.items() if worker.streams or worker.meter.load > BUSY}
        counts = Counter(busy.values())
        for worker, team in busy.items():
            weight = max(
                1, WHOLE >> (counts[team] - 1).bit_length()
            )  # in few steps: each change is a message
            if worker.sandbox is not None and self._given.get(worker, WHOLE) != weight:
                self._given[worker] = weight
                worker.sandbox.weigh(weight)
