"""What tokens allow in a period, counted: requests of a container, and requests by a token."""

import calendar
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

# The last letter of a claim → how long its period is, in seconds, and what it is called. A month is counted from its first.
_DAY = 86_400
_PERIODS = {
    "s": (1, "second"),
    "m": (60, "minute"),
    "h": (3600, "hour"),
    "d": (_DAY, "day"),
    "w": (7 * _DAY, "week"),
    "o": (0, "month"),
}
# The first of January 1970 was a Thursday; weeks begin on Mondays.
_TO_MONDAY = 3 * _DAY
# Beyond so many counts the oldest are forgotten.
MANY = 100_000

Key = tuple[str, str]


class Rated(Protocol):
    """A deployment, or whoever visits a private one: `rates` by claim, of the token `jti` and of the container `team`."""

    @property
    def team(self) -> str: ...
    @property
    def jti(self) -> str: ...
    @property
    def rates(self) -> Mapping[str, int]: ...


class TooFast(Exception):
    """The caller answers 429. After `retry` seconds a request may come in again."""

    def __init__(self, claim: str, limit: int, retry: int) -> None:
        whose = "token" if _of_token(claim) else "container"
        word = _PERIODS[claim[-1]][1]
        super().__init__(f"rate limit of the {whose} reached: {limit:,} requests a {word} (claim {claim})")
        self.retry = retry


@dataclass(slots=True)
class _Count:
    ends: float
    limit: int
    used: int = 0


class Rates:
    """Each executor counts what it serves itself."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        """`now` in epoch seconds."""
        self._now = now
        self._counts: dict[Key, _Count] = {}

    def enter(self, rated: Rated) -> None:
        """For each request. Raises TooFast; a request that one limit refuses counts for none."""
        now = self._now()
        counts = [self._count(key, claim, limit, now) for key, claim, limit in _keys(rated)]
        for (_, claim, limit), count in zip(_keys(rated), counts, strict=True):
            if count.used >= limit:
                raise TooFast(claim, limit, max(1, math.ceil(count.ends - now)))
        for count in counts:
            count.used += 1

    def left(self, name: str) -> dict[str, int]:
        """By claim, what remains in this period to a container or a token, which are told by `name`."""
        now = self._now()
        counts = {claim: count for (whose, claim), count in self._counts.items() if whose == name}
        return {
            claim: max(0, count.limit - count.used) for claim, count in counts.items() if count.ends > now
        }

    def answer(self, question: Mapping[str, Any]) -> dict[str, int]:
        """To the console's `{"name": …, "reset": true or nothing}`."""
        if question.get("reset"):
            self.reset(question["name"])
        return self.left(question["name"])

    def reset(self, name: str) -> None:
        self._counts = {key: count for key, count in self._counts.items() if key[0] != name}

    def _count(self, key: Key, claim: str, limit: int, now: float) -> _Count:
        count = self._counts.get(key)
        if count is None or count.ends <= now:
            self._counts.pop(key, None)
            while len(self._counts) >= MANY:
                del self._counts[next(iter(self._counts))]
            count = self._counts[key] = _Count(_end(claim, now), limit)
        count.limit = limit
        return count


def of_container(team: str) -> str:
    return f"container/{team}"


def of_token(jti: str) -> str:
    return f"token/{jti}"


def _keys(rated: Rated) -> Iterator[tuple[Key, str, int]]:
    for claim, limit in rated.rates.items():
        name = of_token(rated.jti) if _of_token(claim) else of_container(rated.team)
        yield (name, claim), claim, limit


def _of_token(claim: str) -> bool:
    return claim.startswith("lt")


def _end(claim: str, now: float) -> float:
    """Where the period ends that is now, in UTC."""
    seconds, _ = _PERIODS[claim[-1]]
    if not seconds:
        today = time.gmtime(now)
        year, month = (today.tm_year + 1, 1) if today.tm_mon == 12 else (today.tm_year, today.tm_mon + 1)
        return float(calendar.timegm((year, month, 1, 0, 0, 0)))
    shift = _TO_MONDAY if claim[-1] == "w" else 0
    return ((now + shift) // seconds + 1) * seconds - shift
