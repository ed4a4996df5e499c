"""The places for workers on this node, and who may take one when all are taken.

While some are free, anybody takes them. When none is, each team that is at work is sure of an equal share of them, and
of one at least: a team below its share gets a place of a team above its own. A place is a worker; there are as many as
the node's settings say, and no more than the node's budget of memory holds.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from executor.pool import death
from executor.pool.weights import Weights
from executor.pool.worker import Worker

# A team whose workers had nothing to do for so long is not at work.
ACTIVE_SECONDS = 60.0
# One that had nothing to do for so long does more good to a webtask whose own worker has too much.
RESTED_SECONDS = 10.0
# A worker whose place was given away has this long for the requests it has.
NOTICE_SECONDS = 10.0


class Room:
    def __init__(self, *, places: int, memory: int) -> None:
        """`memory` in bytes: what all workers that are somebody's may hold together."""
        self._places = places
        self._memory = memory
        self._teams: dict[Worker, str] = {}
        self._promised: Counter[str] = Counter()
        # Their places are somebody else's already.
        self._leaving: set[Worker] = set()
        self._weights = Weights()

    # -- places --------------------------------------------------------------------------------------------

    @property
    def full(self) -> bool:
        return self._promised.total() + len(self._here()) >= self._places or self._overfull(0)

    def claim(self, team: str) -> bool:
        """Promises a place to `team`, and makes one free where it must. False when there is none for it now.

        To be followed by redeem(), whatever becomes of it.
        """
        while self.full:
            if not self._vacate(team):
                return False
        self._promised[team] += 1
        return True

    def claim_spare(self, team: str) -> bool:
        """As claim(), but only who had nothing to do for a while goes for it."""
        while self.full:
            rested = [worker for worker in self._dispensable(team) if _resting(worker, RESTED_SECONDS)]
            if not rested:
                return False
            _longest(rested).die(death.ended("evicted: the executor needs room"))
        self._promised[team] += 1
        return True

    def exchange(self, team: str) -> None:
        """Promises a place, also when none is free, for who comes instead of another that goes as soon as it is there.

        To be followed by redeem().
        """
        self._promised[team] += 1

    def redeem(self, team: str) -> None:
        """The place is taken in a moment, or is not wanted any more."""
        self._promised[team] -= 1
        self._promised += Counter()  # forgets who has none

    def take(self, team: str, worker: Worker) -> None:
        self._teams[worker] = team

    def leave(self, worker: Worker) -> None:
        """It died."""
        self._teams.pop(worker, None)
        self._leaving.discard(worker)

    def give_notice(self, workers: Iterable[Worker]) -> None:
        """Their places are free from now on; the requests they have are given a while."""
        loop = asyncio.get_running_loop()
        for worker in workers:
            if worker in self._teams and worker not in self._leaving:
                self._leaving.add(worker)
                loop.call_later(NOTICE_SECONDS, worker.die, death.ended("the executor needed its room"))

    def balance(self) -> None:
        self._weights.balance(self._teams)

    def relieve(self) -> None:
        """Workers grow after they were given a place: those that do nothing go first."""
        while self._overfull(1) and (idle := self._idle()):
            _longest(idle).die(death.ended("evicted: the executor needs memory"))

    # -- shares --------------------------------------------------------------------------------------------

    def _here(self) -> list[Worker]:
        return [worker for worker in self._teams if worker not in self._leaving]

    def _idle(self) -> list[Worker]:
        return [worker for worker in self._here() if not worker.streams]

    def _overfull(self, more: int) -> bool:
        held = sum(worker.held for worker in self._here())
        return held >= self._memory + more

    def _vacate(self, team: str) -> bool:
        """Makes the place free that `team` has most right to; False when it has none to any."""
        if going := self._dispensable(team):
            _longest(going).die(death.ended("evicted: the executor needs room"))
            return True
        shares = self._shares(team)
        if not shares.below or not shares.above:
            return False
        busy = [worker for worker in self._here() if self._teams[worker] in shares.above]
        self._reclaim(
            max(busy, key=lambda worker: (shares.places[self._teams[worker]], -len(worker.streams)))
        )
        return True

    def _dispensable(self, team: str) -> list[Worker]:
        """Those with nothing to do whose place `team` has a right to."""
        shares = self._shares(team)

        def free_to_go(worker: Worker) -> bool:
            owner = self._teams[worker]
            own = owner == team and not shares.below
            return own or owner not in shares.active or owner in shares.above

        idle = self._idle()
        going = [worker for worker in idle if free_to_go(worker)]
        if not going and shares.below and not shares.above:
            return idle  # more teams than places
        return going

    def _shares(self, team: str) -> "_Shares":
        here = self._here()
        counts = Counter(self._teams[worker] for worker in here) + self._promised
        active = {self._teams[worker] for worker in here if _active(worker)} | set(self._promised) | {team}
        share = max(1, counts.total() // len(active))
        above = {owner for owner, count in counts.items() if count > share}
        return _Shares(counts, active, above, counts[team] < share)

    def _reclaim(self, worker: Worker) -> None:
        worker.say("warn", "the executor is full and needs this worker's place for another team", "")
        self.give_notice([worker])
        worker.retire()


class _Shares(NamedTuple):
    """`places` by team, the teams at work, those that have more than their share, and whether the one that asks has less."""

    places: Counter[str]
    active: set[str]
    above: set[str]
    below: bool


def _active(worker: Worker) -> bool:
    return bool(worker.streams) or not _resting(worker, ACTIVE_SECONDS)


def _resting(worker: Worker, seconds: float) -> bool:
    return worker.now() - worker.idle_since >= seconds


def _longest(idle: list[Worker]) -> Worker:
    return min(idle, key=lambda worker: worker.idle_since)
