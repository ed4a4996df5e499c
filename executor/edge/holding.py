"""How many bytes this node holds of requests before their code may have them: anyone may send some, as slowly as they like."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from executor.source import Refused

MIB = 1024 * 1024
MOST = 64 * MIB
MOST_OF_TEAM = 8 * MIB


class Holding:
    def __init__(self, most: int = MOST, of_team: int = MOST_OF_TEAM) -> None:
        self._held: Counter[str] = Counter()
        self._most = most
        self._of_team = of_team

    @contextmanager
    def reserve(self, team: str, size: int) -> Iterator[None]:
        """Room for `size` bytes, before any of them is asked for. Raises Refused."""
        self.take(team, size)
        try:
            yield
        finally:
            self.give_back(team, size)

    def take(self, team: str, size: int) -> None:
        """Raises Refused."""
        if self._held[team] + size > self._of_team or self._held.total() + size > self._most:
            text = "Too much is being handed over at this moment. Try again a little later."
            raise Refused(429, text, (("retry-after", "5"),))
        self._held[team] += size

    def give_back(self, team: str, size: int) -> None:
        self._held[team] -= size
        if not self._held[team]:
            del self._held[team]
