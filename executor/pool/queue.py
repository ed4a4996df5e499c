"""Who waits for a place on a full node: not for long, not many, and the teams take turns."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Whoever calls had better come again than wait longer.
PATIENCE_SECONDS = 1.0
# Requests of one team that may wait.
SEATS = 100


class PoolFull(Exception):
    """Every worker is busy and no more may be made; the caller answers 503."""

    def __init__(self) -> None:
        super().__init__("every worker of this executor is busy")


class Queue:
    def __init__(self, claim: Callable[[str], bool]) -> None:
        """`claim` takes a place for a team, if there is one for it."""
        self._claim = claim
        # The team whose turn is next comes first.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._seats: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @contextmanager
    def seat(self, team: str) -> Iterator[None]:
        """For each request that waits for a worker. Raises PoolFull."""
        if team in self._waiting and self._seats[team] >= SEATS:
            raise PoolFull
        self._seats[team] += 1
        try:
            yield
        finally:
            self._seats[team] -= 1
            if not self._seats[team]:
                del self._seats[team]

    async def claim(self, team: str) -> float:
        """Returns when a place was claimed for `team`: after so many seconds. Raises PoolFull."""
        if team not in self._waiting and self._claim(team):
            return 0.0
        loop = asyncio.get_running_loop()
        came, turn = loop.time(), loop.create_future()
        self._waiting.setdefault(team, deque()).append(turn)
        try:
            await asyncio.wait_for(turn, PATIENCE_SECONDS)
        except TimeoutError:
            # From Python 3.12 on the time may run out in the moment in which the turn comes.
            if not turn.done() or turn.cancelled():
                raise PoolFull from None
        finally:
            self._forget(team, turn)
        return loop.time() - came

    def wake(self) -> None:
        """To be called when a place may have become free, or a worker idle."""
        while sum(self._serve(team) for team in list(self._waiting)):
            pass  # one each, for as long as anybody gets one

    def _serve(self, team: str) -> bool:
        turns = deque(turn for turn in self._waiting.pop(team) if not turn.done())
        served = bool(turns) and self._claim(team)
        if served:
            turns.popleft().set_result(None)
        if turns:
            self._waiting[team] = turns  # behind the others
        return served

    def _forget(self, team: str, turn: "asyncio.Future[None]") -> None:
        turns = self._waiting.get(team, deque())
        if turn in turns:
            turns.remove(turn)
        if not turns:
            self._waiting.pop(team, None)
