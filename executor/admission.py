"""Whether a request may come in at all, by what its team has on this node already: decided before any work for it."""

import time
from collections.abc import Callable

from executor.contract import Limits
from executor.limits import LIMITS

# Beyond so many teams those that do nothing are forgotten.
MANY = 10_000


class TooMany(Exception):
    """The caller answers 429. `limit` is the name of the one that was reached."""

    def __init__(self, limit: str, value: int) -> None:
        super().__init__(
            f"The team has reached its limit of {LIMITS[limit].title}: {LIMITS[limit].text(value)}."
        )
        self.limit = limit


class Account:
    """What one team has under way, and how many requests it may make at this moment."""

    __slots__ = ("open", "since", "tokens")

    def __init__(self, now: float, tokens: float) -> None:
        self.open = 0
        self.since = now
        self.tokens = tokens

    def leave(self) -> None:
        """The request is over."""
        self.open -= 1


class Admission:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` in seconds."""
        self._now = now
        self._accounts: dict[str, Account] = {}

    def enter(self, team: str, limits: Limits) -> Account:
        """For each request of `team`, which leaves the account when it is over. Raises TooMany."""
        account = self._accounts.get(team) or self._new(team, limits)
        now, rate = self._now(), limits.team_rate
        account.tokens = min(rate, account.tokens + (now - account.since) * rate)
        account.since = now
        if account.open >= limits.team_concurrency:
            raise TooMany("team_concurrency", limits.team_concurrency)
        if account.tokens < 1:
            raise TooMany("team_rate", rate)
        account.tokens -= 1
        account.open += 1
        return account

    def _new(self, team: str, limits: Limits) -> Account:
        now = self._now()
        if len(self._accounts) >= MANY:
            # Who made no request for a second has all its tokens, as a new one would.
            busy = {name: one for name, one in self._accounts.items() if one.open or now - one.since < 1}
            self._accounts = busy
        account = self._accounts[team] = Account(now, limits.team_rate)
        return account
