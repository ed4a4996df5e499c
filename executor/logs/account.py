"""One webtask's requests since its last Tally, and how many more of them may be kept whole."""

from bisect import bisect_left

from executor.logs.record import Origin
from executor.logs.tally import BOUNDS, Tally

# Enough to see every request of a quiet webtask; a busy one's are alike, and each kept costs more than to serve it.
WHOLE_PER_SECOND = 50
WHOLE_BURST = 200
_KEYS = tuple(f"{bound:g}" for bound in BOUNDS)
_LAST = len(BOUNDS) - 1


class _Bucket:
    """Filled by whole seconds: what is kept of a crowd goes to the console in one batch then, and not in fifty."""

    __slots__ = ("_filled_at", "_tokens")

    def __init__(self, now: float) -> None:
        self._filled_at = now
        self._tokens = WHOLE_BURST

    def take(self, now: float) -> bool:
        if now - self._filled_at >= 1:
            seconds = int(now - self._filled_at)
            self._filled_at += seconds
            self._tokens = min(self._tokens + seconds * WHOLE_PER_SECOND, WHOLE_BURST)
        if not self._tokens:
            return False
        self._tokens -= 1
        return True


class Account:
    """`since` is where its window starts, in epoch milliseconds. Clocks are those of whoever calls, in seconds."""

    __slots__ = (
        "_failures",
        "_ms_max",
        "_ms_sum",
        "_others",
        "_spread",
        "_statuses",
        "_thinned",
        "origin",
        "requests",
        "since",
    )

    def __init__(self, origin: Origin, now: float) -> None:
        self.origin = origin
        # Failures are what one looks for: a thousand good answers a second must not crowd them out.
        self._failures = _Bucket(now)
        self._others = _Bucket(now)
        self.open(0.0)

    def open(self, since: float) -> None:
        """A new window, with nothing in it."""
        self.since = since
        self.requests = self._thinned = 0
        self._statuses = [0] * 10
        self._ms_sum = self._ms_max = 0.0
        self._spread = [0] * len(BOUNDS)

    def count(self, status: int, ms: float) -> None:
        self.requests += 1
        self._statuses[status // 100] += 1
        self._ms_sum += ms
        self._ms_max = max(self._ms_max, ms)
        self._spread[bisect_left(BOUNDS, ms, 0, _LAST)] += 1

    def spare(self, status: int, now: float) -> bool:
        """Whether one more request may be kept whole."""
        return (self._failures if status >= 500 else self._others).take(now)

    def thin(self) -> None:
        """The request that was counted last is not kept whole."""
        self._thinned += 1

    def tally(self, until: float) -> Tally:
        return Tally(
            origin=self.origin,
            time=self.since,
            seconds=(until - self.since) / 1000,
            requests=self.requests,
            thinned=self._thinned,
            statuses={f"{number}xx": count for number, count in enumerate(self._statuses) if count},
            ms_sum=round(self._ms_sum, 3),
            ms_max=round(self._ms_max, 3),
            spread={key: count for key, count in zip(_KEYS, self._spread, strict=True) if count},
        )
