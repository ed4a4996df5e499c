"""What tallies say when they are added up."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Self, TypedDict

from django.utils import timezone

from console.webtasks.models import Tally, Webtask
from console.webtasks.shapes import instant


class Figures(TypedDict):
    """Of the requests from `time` on; `thinned` of them were counted only.

    `statuses` by class ("2xx"); `error_share` is that of 5xx, from 0 to 1. Durations in milliseconds, None where
    nothing took any; p50 and p99 are at most 12 % too high.
    """

    time: str
    requests: int
    thinned: int
    statuses: dict[str, int]
    error_share: float
    mean_ms: float | None
    p50_ms: float | None
    p99_ms: float | None
    max_ms: float | None


class TallyShape(Figures):
    id: int
    label: str
    seconds: float


class MetricsShape(TypedDict):
    """`minutes` are those with requests, oldest first."""

    total: Figures
    minutes: list[Figures]


@dataclass(slots=True)
class Sum:
    """Tallies added up."""

    requests: int = 0
    thinned: int = 0
    ms: float = 0.0
    longest: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    spread: Counter[float] = field(default_factory=Counter)

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> Self:
        total = cls()
        for tally in tallies:
            total.add(tally)
        return total

    def add(self, tally: Tally) -> None:
        self.requests += tally.requests
        self.thinned += tally.thinned
        self.ms += tally.ms_sum
        self.longest = max(self.longest, tally.ms_max)
        self.statuses.update(tally.statuses)
        self.spread.update({float(bound): count for bound, count in tally.spread.items()})

    def within(self, share: float) -> float | None:
        """The milliseconds that this share of the requests did not exceed."""
        left = math.ceil(share * self.spread.total())
        for bound in sorted(self.spread):
            left -= self.spread[bound]
            if left <= 0:
                return min(bound, self.longest)
        return None

    def figures(self, time: datetime) -> Figures:
        some = self.requests > 0
        return {
            "time": instant(time),
            "requests": self.requests,
            "thinned": self.thinned,
            "statuses": dict(sorted(self.statuses.items())),
            "error_share": round(self.statuses["5xx"] / self.requests, 4) if some else 0.0,
            "mean_ms": round(self.ms / self.requests, 3) if some else None,
            "p50_ms": self.within(0.5),
            "p99_ms": self.within(0.99),
            "max_ms": self.longest if some else None,
        }


def metrics(webtask: Webtask, minutes: int) -> MetricsShape:
    """Of the last so many minutes, the one that is now among them. A tally belongs to the minute that it starts in."""
    start = _minute(timezone.now()) - timedelta(minutes=minutes - 1)
    tallies = list(Tally.objects.filter(webtask=webtask, time__gte=start).order_by("time"))
    by_minute = groupby(tallies, lambda tally: _minute(tally.time))
    return {
        "total": Sum.of(tallies).figures(start),
        "minutes": [Sum.of(of_minute).figures(minute) for minute, of_minute in by_minute],
    }


def tally_shape(tally: Tally) -> TallyShape:
    figures = Sum.of([tally]).figures(tally.time)
    return {**figures, "id": tally.pk, "label": tally.label, "seconds": tally.seconds}


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
