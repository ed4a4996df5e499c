"""How much a worker may write to its log: lines and bytes a second, twice as many in one burst."""

from collections.abc import Callable

from executor.contract import Limits
from executor.limits import LIMITS

BURST_SECONDS = 2
# How often at most what was dropped is told: the telling must not be a flood of its own.
TELL_SECONDS = 1.0


class _Bucket:
    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.tokens = float(rate * BURST_SECONDS)
        self.spent = 0.0

    def fill(self, seconds: float) -> None:
        self.tokens = min(self.rate * BURST_SECONDS, self.tokens + seconds * self.rate)


class Budget:
    """Token buckets over lines and bytes, and the count of what did not fit."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._now = now
        self._filled_at = self._told_at = now()
        self._lines = _Bucket(limits.log_lines)
        self._bytes = _Bucket(limits.log_bytes)
        self._dropped = 0

    def room(self) -> int:
        """How many more lines may be taken now."""
        self._fill()
        return int(self._lines.tokens) if self._bytes.tokens > 0 else 0

    def take(self, size: int) -> bool:
        """One line of `size` bytes; False drops it. The last one may overdraw the bytes."""
        self._fill()
        self._lines.spent += 1
        self._bytes.spent += size
        if self._lines.tokens < 1 or self._bytes.tokens <= 0:
            self._dropped += 1
            return False
        self._lines.tokens -= 1
        self._bytes.tokens -= size
        return True

    def drop(self, lines: int, size: int) -> None:
        """So many lines unseen."""
        self._lines.spent += lines
        self._bytes.spent += size
        self._dropped += lines

    def told(self, *, at_once: bool = False) -> str:
        """What to tell about dropped lines, "" for nothing or not yet."""
        passed = self._now() - self._told_at
        if passed < TELL_SECONDS and not (at_once and self._dropped):
            return ""
        count, spent = self._dropped, (self._lines.spent, self._bytes.spent)
        self._told_at += passed
        self._dropped, self._lines.spent, self._bytes.spent = 0, 0.0, 0.0
        if not count:
            return ""
        # Whichever was exceeded by more is what the author has to change.
        seconds = max(passed, TELL_SECONDS)
        rates = {"log_lines": (self._lines.rate, spent[0]), "log_bytes": (self._bytes.rate, spent[1])}
        name = max(rates, key=lambda key: rates[key][1] / rates[key][0])
        rate, used = rates[name]
        lines = "line" if count == 1 else "lines"
        return f"{count:,} log {lines} dropped {LIMITS[name].reached(rate, used / seconds)}"

    def _fill(self) -> None:
        now = self._now()
        for bucket in (self._lines, self._bytes):
            bucket.fill(now - self._filled_at)
        self._filled_at = now
