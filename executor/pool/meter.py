"""What each request uses of the CPU, worked out from what its worker's whole process uses.

Nobody can look into the process without trusting it. So each look's increase is shared evenly among the
requests that were open since the look before, and what was used while none was open is the background's.
A request that lives on gets a fresh account now and then: an open stream of events beside a busy webtask
would else be charged in the end with what the others used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from executor.contract import Limits

if TYPE_CHECKING:
    from executor.pool.stream import Stream


@dataclass(slots=True)
class Account:
    """CPU seconds used since the moment `since`, a time of the event loop's clock."""

    since: float
    used: float = 0.0

    def charge(self, seconds: float) -> None:
        self.used += seconds

    def renew(self, now: float, period: float) -> None:
        if now - self.since > period:
            self.since, self.used = now, 0.0


class Meter:
    def __init__(self, limits: Limits, *, now: float, used: float) -> None:
        """`used` is the process's CPU seconds up to now, which are nobody's: they were its start."""
        self._limit = limits.cpu_ms / 1000
        # Three times the limit, so that whoever uses a third of a processor or more for long is found.
        self._period = max(limits.wall_ms / 1000, 3 * self._limit)
        self._seen = used
        self._over = 0
        # The part of a processor that it used since the look before.
        self.load = 0.0
        self._looked = now
        self.background = Account(now)

    def stream_over(self) -> None:
        self._over += 1

    @property
    def unsettled(self) -> bool:
        """Requests ended since the last look; the next one makes an end of what they used."""
        return self._over > 0

    def share(self, used: float, streams: Iterable["Stream"], now: float) -> None:
        """`used` as in the constructor, `streams` the open ones."""
        increase, self._seen = max(0.0, used - self._seen), used
        self.load, self._looked = increase / max(now - self._looked, 0.001), now
        accounts = [stream.cpu for stream in streams]
        count, self._over = len(accounts) + self._over, 0
        for account in accounts or ([] if count else [self.background]):
            account.renew(now, self._period)
            account.charge(increase / max(count, 1))

    def exceeded(self, account: Account) -> bool:
        return account.used > self._limit
