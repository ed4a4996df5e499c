"""How much of something a worker has used lately."""

from collections.abc import Callable

Clock = Callable[[], float]


class Bucket:
    """So many a second, and some more at once."""

    def __init__(self, now: Clock, *, rate: float, burst: float) -> None:
        self._now = now
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at = now()

    def take(self) -> bool:
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Minute:
    """A sum that begins anew a minute after it began."""

    SECONDS = 60.0

    def __init__(self, now: Clock, limit: int) -> None:
        self.limit = limit
        self._now = now
        self._began = float("-inf")
        self._used = 0

    @property
    def used(self) -> int:
        if self._now() - self._began >= self.SECONDS:
            self._used = 0
        return self._used

    @property
    def spent(self) -> bool:
        return self.used >= self.limit

    def add(self, amount: int) -> None:
        if not self.used:
            self._began = self._now()
        self._used += amount
