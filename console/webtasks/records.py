"""Stores what executors report: log lines, finished invocations, calls to other hosts, security events; each
batch exactly once.

User code decides what is in them, so every value is made storable here: a batch that the database refused would
be sent again for ever.
"""

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from console.accounts.models import Team
from console.webtasks.models import EgressCall, Executor, Invocation, LogLine, SecurityEvent, Webtask
from console.webtasks.storable import text

LEVELS = ("debug", "info", "warn", "error")
MAX_TEXT = 20_000
# PositiveSmallIntegerField, and what HTTP knows.
MAX_STATUS = 999
MAX_BYTES = 2**62
KINDS = ("lines", "invocations", "egress", "events")

Row = TypeVar("Row", LogLine, Invocation, EgressCall, SecurityEvent)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """Whom it concerns: the webtasks that have something new; System, when there are security events."""

    webtasks: frozenset[int]
    events: bool = False


def store(executor: str, boot: str, batch: Mapping[str, Any]) -> Stored:
    """Stores a batch unless this boot's batches have been stored up to it: it may be sent again after a lost ack."""
    with transaction.atomic():
        row = Executor.objects.select_for_update().get(name=executor)
        if row.boot != boot or batch["seq"] <= row.received_seq:
            return Stored(frozenset())
        sent = {kind: batch.get(kind, []) for kind in KINDS}
        places = _Places([record for kind in KINDS for record in sent[kind]])
        lines = list(_storable(_line, sent["lines"], places))
        invocations = list(_storable(_invocation, sent["invocations"], places))
        calls = list(_storable(_call, sent["egress"], places))
        events = list(_storable(partial(_event, executor), sent["events"], places))
        LogLine.objects.bulk_create(lines)
        Invocation.objects.bulk_create(invocations, ignore_conflicts=True)
        EgressCall.objects.bulk_create(calls)
        SecurityEvent.objects.bulk_create(events)
        row.received_seq = batch["seq"]
        row.seen_at = timezone.now()
        row.save(update_fields=["received_seq", "seen_at"])
    kept: list[LogLine | Invocation | EgressCall] = [*lines, *invocations, *calls]
    webtasks = frozenset(record.webtask_id for record in kept if record.webtask_id is not None)
    return Stored(webtasks, bool(events))


class _Places:
    """Team and webtask of a record, by name, for all of a batch with two queries."""

    def __init__(self, records: list[Mapping[str, Any]]) -> None:
        teams = {str(record.get("team")) for record in records}
        names = {str(record.get("webtask")) for record in records}
        self._teams = dict(Team.objects.filter(slug__in=teams).values_list("slug", "id"))
        found = Webtask.objects.filter(team__in=self._teams.values(), name__in=names)
        self._webtasks = {(row.team_id, row.name): row.pk for row in found}

    def find(self, record: Mapping[str, Any]) -> tuple[int, int | None]:
        """Raises KeyError for what has been deleted since."""
        team = self._teams[record["team"]]
        return team, None if record["webtask"] is None else self._webtasks[team, record["webtask"]]


def _storable(
    make: Callable[[Mapping[str, Any], _Places], Row], records: Iterable[Mapping[str, Any]], places: _Places
) -> Iterator[Row]:
    for record in records:
        try:
            yield make(record, places)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            logger.warning(
                "a record of %s/%s is dropped: %r", record.get("team"), record.get("webtask"), error
            )


def _line(record: Mapping[str, Any], places: _Places) -> LogLine:
    team, webtask = places.find(record)
    return LogLine(
        team_id=team,
        webtask_id=webtask,
        label=text(record["label"], 16),
        invocation=text(record["invocation"], 40),
        time=_time(record["time"]),
        level=record["level"] if record["level"] in LEVELS else "info",
        text=text(record["text"], MAX_TEXT),
    )


def _invocation(record: Mapping[str, Any], places: _Places) -> Invocation:
    team, webtask = places.find(record)
    return Invocation(
        invocation=text(record["id"], 40),
        team_id=team,
        webtask_id=webtask,
        label=text(record["label"], 16),
        method=text(record["method"], 16),
        path=text(record["path"], MAX_TEXT),
        status=min(max(int(record["status"]), 0), MAX_STATUS),
        ms=_finite(record["ms"]),
        time=_time(record["time"]),
        source=text(record["source"], 16),
    )


def _call(record: Mapping[str, Any], places: _Places) -> EgressCall:
    team, webtask = places.find(record)
    return EgressCall(
        team_id=team,
        webtask_id=webtask,
        label=text(record["label"], 16),
        invocation=text(record["invocation"], 40),
        time=_time(record["time"]),
        ms=_finite(record["ms"]),
        host=text(record["host"], 255),
        port=min(max(int(record["port"]), 0), 65_535),
        address=text(record["address"], 45),
        sent=min(max(int(record["sent"]), 0), MAX_BYTES),
        received=min(max(int(record["received"]), 0), MAX_BYTES),
        verdict=text(record["verdict"], 200),
    )


def _event(executor: str, record: Mapping[str, Any], places: _Places) -> SecurityEvent:
    team, webtask = places.find(record)
    return SecurityEvent(
        executor=executor,
        team_id=team,
        webtask_id=webtask,
        label=text(record["label"], 16),
        invocation=text(record["invocation"], 40),
        time=_time(record["time"]),
        kind=text(record["kind"], 16),
        what=text(record["what"], 100),
        text=text(record["text"], MAX_TEXT),
    )


def _time(epoch_ms: Any) -> datetime:
    # The guest's clock is the guest's word: a line from the future would never grow old enough to be pruned.
    return min(datetime.fromtimestamp(_finite(epoch_ms) / 1000, UTC), timezone.now())


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is not a number")
    return number
