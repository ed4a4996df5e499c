"""How many bytes this node holds of requests that are not waited for: anyone may send some, as slowly as they like."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from executor.source import Refused

MIB = 1024 * 1024
MOST = 64 * MIB
MOST_OF_TEAM = 8 * MIB


class Holding:
    def __init__(self) -> None:
        self._held: Counter[str] = Counter()

    @contextmanager
    def reserve(self, team: str, size: int) -> Iterator[None]:
        """Room for `size` bytes, before any of them is asked for. Raises Refused."""
        if self._held[team] + size > MOST_OF_TEAM or self._held.total() + size > MOST:
            raise Refused(429, "Too much is being handed over at this moment. Try again a little later.")
        self._held[team] += size
        try:
            yield
        finally:
            self._held[team] -= size
            if not self._held[team]:
                del self._held[team]
