"""Stores what executors report: log lines, finished invocations and their tallies, calls to other hosts, security
events; each batch exactly once.

User code decides what is in them, so every value is made storable here: a batch that the database refused would
be sent again for ever.
"""

import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import models, transaction
from django.utils import timezone

from console.accounts.models import Team
from console.webtasks import showcase
from console.webtasks.models import EgressCall, Executor, Invocation, LogLine, SecurityEvent, Tally, Webtask
from console.webtasks.rows import insert
from console.webtasks.storable import text

LEVELS = ("debug", "info", "warn", "error")
MAX_TEXT = 20_000
# PositiveSmallIntegerField, and what HTTP knows.
MAX_STATUS = 999
MAX_BYTES = 2**62
MAX_COUNT = 2**31 - 1
# Of a tally's statuses and spread; an executor knows 140 bounds.
MAX_KEYS = 200

Row = dict[str, Any]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """Whom it concerns: webtasks and teams that have something new; System, when there are security events."""

    webtasks: frozenset[int]
    teams: frozenset[int] = frozenset()
    events: bool = False


def store(executor: str, boot: str, batch: Mapping[str, Any]) -> Stored:
    """Stores a batch unless this boot's batches have been stored up to it: it may be sent again after a lost ack."""
    with transaction.atomic():
        row = Executor.objects.select_for_update().get(name=executor)
        if row.boot != boot or batch["seq"] <= row.received_seq:
            return Stored(frozenset())
        sent = {kind: batch.get(kind, []) for kind in KINDS}
        context = _Context(executor, [record for records in sent.values() for record in records])
        rows = {kind: list(_storable(KINDS[kind].row, sent[kind], context)) for kind in KINDS}
        for kind, of_kind in rows.items():
            # Invocations have a name of their own: one told twice, by whatever mistake, is one.
            insert(KINDS[kind].model, of_kind, ignore_conflicts=kind == "invocations")
        row.received_seq = batch["seq"]
        row.seen_at = timezone.now()
        row.save(update_fields=["received_seq", "seen_at"])
    events = rows.pop("events")
    made = [row for of_kind in rows.values() for row in of_kind]
    webtasks = frozenset(row["webtask_id"] for row in made) - {None}
    return Stored(webtasks, frozenset(row["team_id"] for row in made), bool(events))


class _Context:
    """What a batch's records have in common: who reports them, when, and the ids of teams and webtasks by name."""

    def __init__(self, executor: str, records: list[Mapping[str, Any]]) -> None:
        self.executor = executor
        self._now = timezone.now()
        self._teams = _teams(_words(records, "team"))
        named = _words([record for record in records if record.get("webtask") is not None], "webtask")
        webtasks = Webtask.objects.filter(team__in=set(self._teams.values()), name__in=named)
        found = webtasks.values_list("team_id", "name", "id") if named else []
        self._webtasks = {(team, name): pk for team, name, pk in found}

    def origin(self, record: Mapping[str, Any]) -> Row:
        """The columns that say whose it is. Raises KeyError for what has been deleted since."""
        team, name = self._teams[record["team"]], record["webtask"]
        webtask = None if name is None else self._webtasks[team, name]
        return {"team_id": team, "webtask_id": webtask, "label": text(record["label"], 16)}

    def time(self, epoch_ms: Any) -> datetime:
        # An executor's clock may be wrong: a line from the future would never grow old enough to be pruned.
        return min(datetime.fromtimestamp(_finite(epoch_ms) / 1000, UTC), self._now)


def _words(records: Iterable[Mapping[str, Any]], key: str) -> set[str]:
    return {str(record.get(key)) for record in records}


def _teams(slugs: set[str]) -> dict[str, int]:
    """Their ids; of those that a team had before, too: what is told now may have waited long."""
    found = dict(Team.objects.filter(slug__in=slugs).values_list("slug", "id"))
    if missing := slugs - found.keys():
        former = Team.objects.filter(former_names__slug__in=missing)
        found |= dict(former.values_list("former_names__slug", "id"))
    return found


class _Make(Protocol):
    def __call__(self, record: Mapping[str, Any], context: _Context, /) -> Row: ...


@dataclass(frozen=True, slots=True)
class _Kind:
    model: type[models.Model]
    row: _Make


def _storable(make: _Make, records: Iterable[Mapping[str, Any]], context: _Context) -> Iterator[Row]:
    for record in records:
        if record.get("team") == showcase.TEAM:
            continue  # nobody's: there is nowhere to keep it
        try:
            yield make(record, context)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            logger.warning(
                "a record of %s/%s is dropped: %r", record.get("team"), record.get("webtask"), error
            )


def _line(record: Mapping[str, Any], context: _Context) -> Row:
    return {
        **context.origin(record),
        "invocation": text(record["invocation"], 40),
        "time": context.time(record["time"]),
        "level": record["level"] if record["level"] in LEVELS else "info",
        "text": text(record["text"], MAX_TEXT),
    }


def _invocation(record: Mapping[str, Any], context: _Context) -> Row:
    return {
        **context.origin(record),
        "invocation": text(record["id"], 40),
        "method": text(record["method"], 16),
        "path": text(record["path"], MAX_TEXT),
        "status": _whole(record["status"], MAX_STATUS),
        "ms": _finite(record["ms"]),
        "time": context.time(record["time"]),
        "source": text(record["source"], 16),
    }


def _tally(record: Mapping[str, Any], context: _Context) -> Row:
    statuses, spread = dict(record["statuses"]), dict(record["spread"])
    if max(len(statuses), len(spread)) > MAX_KEYS:
        raise ValueError("a tally of too many kinds")
    return {
        **context.origin(record),
        "time": context.time(record["time"]),
        "seconds": _finite(record["seconds"]),
        "requests": _whole(record["requests"], MAX_COUNT),
        "thinned": _whole(record["thinned"], MAX_COUNT),
        "statuses": {text(name, 3): _whole(count, MAX_COUNT) for name, count in statuses.items()},
        "ms_sum": _finite(record["ms_sum"]),
        "ms_max": _finite(record["ms_max"]),
        "spread": {f"{_finite(bound):g}": _whole(count, MAX_COUNT) for bound, count in spread.items()},
    }


def _call(record: Mapping[str, Any], context: _Context) -> Row:
    return {
        **context.origin(record),
        "invocation": text(record["invocation"], 40),
        "time": context.time(record["time"]),
        "ms": _finite(record["ms"]),
        "host": text(record["host"], 255),
        "port": _whole(record["port"], 65_535),
        "address": text(record["address"], 45),
        "sent": _whole(record["sent"], MAX_BYTES),
        "received": _whole(record["received"], MAX_BYTES),
        "verdict": text(record["verdict"], 200),
    }


def _event(record: Mapping[str, Any], context: _Context) -> Row:
    return {
        **context.origin(record),
        "executor": context.executor,
        "invocation": text(record["invocation"], 40),
        "time": context.time(record["time"]),
        "kind": text(record["kind"], 16),
        "what": text(record["what"], 100),
        "text": text(record["text"], MAX_TEXT),
    }


def _whole(value: Any, most: int) -> int:
    return min(max(int(value), 0), most)


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is not a number")
    return number


# By the list of a batch that they travel in.
KINDS = {
    "lines": _Kind(LogLine, _line),
    "invocations": _Kind(Invocation, _invocation),
    "tallies": _Kind(Tally, _tally),
    "egress": _Kind(EgressCall, _call),
    "events": _Kind(SecurityEvent, _event),
}
