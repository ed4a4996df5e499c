"""A day of many webtasks at a glance: added up by the database, so that a page costs as many questions whatever it shows."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncHour
from django.utils import timezone

from console.accounts.models import User
from console.webtasks import metrics
from console.webtasks.about import tagged
from console.webtasks.models import Draft, Tally, Webtask

HOURS = 24
# What a list is sorted by, and how; what has no such thing comes last.
SORTS = {
    "name": (F("name").asc(),),
    "published": (F("live__created_at").desc(nulls_last=True), F("name").asc()),
    "run": (F("ran_at").desc(nulls_last=True), F("name").asc()),
}
_SPREADS = {"sqlite": "json_each(t.spread)", "postgresql": "jsonb_each_text(t.spread)"}


@dataclass(slots=True)
class Day:
    """Requests of the last 24 hours, by hour, oldest first; `failed` are those of 5xx."""

    requests: list[int] = field(default_factory=lambda: [0] * HOURS)
    failed: list[int] = field(default_factory=lambda: [0] * HOURS)
    longest: float = 0.0
    spread: Counter[float] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.requests)

    @property
    def error_share(self) -> float:
        return sum(self.failed) / self.total if self.total else 0.0

    @property
    def p95_ms(self) -> float | None:
        return metrics.Sum(spread=self.spread, longest=self.longest).within(0.95)


def listed(
    webtasks: "QuerySet[Webtask]", user: User, *, search: str = "", tag: str = "", sort: str = "name"
) -> "QuerySet[Webtask]":
    """Of those that access_webtasks returned, with `ran_at`, and `has_draft` of this person's own. Each word of `search`
    is in the name or the description."""
    own = Draft.objects.filter(webtask=OuterRef("pk"), user=user)
    last = Tally.objects.filter(webtask=OuterRef("pk")).order_by("-time").values("time")[:1]
    found = webtasks.annotate(has_draft=Exists(own), ran_at=Subquery(last))
    for word in search.split():
        # Not icontains: to the LIKE of SQLite, letters beyond ASCII are small or capital for ever.
        found = found.filter(Q(name__icontains=word) | Q(description__iregex=re.escape(word)))
    if tag:
        found = found.filter(tagged(tag))
    return found.order_by(*SORTS.get(sort, SORTS["name"]))


def days_of(webtasks: Collection[Webtask]) -> dict[int, Day]:
    """By webtask; those that nobody called are not in it."""
    first = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    days: dict[int, Day] = defaultdict(Day)
    rows = (
        Tally.objects.filter(webtask__in=webtasks, time__gte=first)
        .annotate(hour=TruncHour("time"))
        .values_list("webtask", "hour")
        .annotate(
            count=Sum("requests"),
            failed=Sum(Cast(KT("statuses__5xx"), IntegerField()), default=0),
            longest=Max("ms_max"),
        )
        .order_by()
    )
    for pk, hour, requests, failed, longest in rows:
        day, at = days[pk], int((hour - first) / timedelta(hours=1))
        # A clock may be ahead of ours.
        at = min(at, HOURS - 1)
        day.requests[at] += requests
        day.failed[at] += failed
        day.longest = max(day.longest, longest)
    for pk, bound, count in _spreads(list(days), first):
        days[pk].spread[float(bound)] += int(count)
    return dict(days)


def _spreads(webtasks: list[int], first: datetime) -> list[tuple[int, str, int]]:
    """Of each, how many requests took how long: the keys and values of JSON, which only SQL can add up where they are."""
    if not webtasks:
        return []
    places = ", ".join(["%s"] * len(webtasks))
    statement = (
        "SELECT t.webtask_id, e.key, SUM(CAST(e.value AS bigint))"  # noqa: S608 - of what stands here alone
        f" FROM {Tally._meta.db_table} t, {_SPREADS[connection.vendor]} e"
        f" WHERE t.webtask_id IN ({places}) AND t.time >= %s GROUP BY t.webtask_id, e.key"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*webtasks, connection.ops.adapt_datetimefield_value(first)])
        rows: list[tuple[int, str, int]] = cursor.fetchall()
    return rows
