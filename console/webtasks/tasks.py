"""Retention: what executors reported is kept for so many days."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from console.jobs.kinds import kind
from console.webtasks.events import ANNOUNCE, Change, serving
from console.webtasks.models import EgressCall, Invocation, LogLine, SecurityEvent, Tally

# Small transactions: a writer waits for one of them at most.
CHUNK = 2000


@kind("webtasks.prune-logs", every=timedelta(hours=1))
def prune_logs() -> None:
    _prune(LogLine.objects.all(), timezone.now() - timedelta(days=settings.KEEP_LOG_DAYS))


@kind("webtasks.prune-invocations", every=timedelta(hours=1))
def prune_invocations() -> None:
    _prune(Invocation.objects.all(), timezone.now() - timedelta(days=settings.KEEP_INVOCATION_DAYS))


@kind("webtasks.prune-tallies", every=timedelta(hours=1))
def prune_tallies() -> None:
    _prune(Tally.objects.all(), timezone.now() - timedelta(days=settings.KEEP_INVOCATION_DAYS))


@kind("webtasks.prune-egress-calls", every=timedelta(hours=1))
def prune_egress_calls() -> None:
    _prune(EgressCall.objects.all(), timezone.now() - timedelta(days=settings.KEEP_LOG_DAYS))


@kind("webtasks.prune-security-events", every=timedelta(hours=1))
def prune_security_events() -> None:
    """They are few, and looked into late."""
    _prune(SecurityEvent.objects.all(), timezone.now() - timedelta(days=settings.KEEP_INVOCATION_DAYS))


@kind(ANNOUNCE)
def announce(*, names: dict[str, str | None]) -> None:
    """Raises RuntimeError where nobody can be told: tried again later, by a process that serves."""
    if not serving():
        raise RuntimeError("this process has no link to an executor")
    Change(names).announce()


def _prune(
    rows: "QuerySet[LogLine] | QuerySet[Invocation] | QuerySet[Tally] | QuerySet[EgressCall] | QuerySet[SecurityEvent]",
    before: datetime,
) -> None:
    """Rows are stored in about the order of their time: the first chunk with nothing old in it ends the walk."""
    last = 0
    while True:
        chunk = list(rows.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:CHUNK])
        if not chunk:
            return
        deleted, _ = rows.filter(id__gt=last, id__lte=chunk[-1], time__lt=before).delete()
        if not deleted:
            return
        last = chunk[-1]
