"""The claim loop: each clock looks each second which schedules are due, and makes their firings and jobs.

Two clocks that see the same schedule make one firing: they take turns where the database locks rows or itself, and
(schedule, time) is unique wherever they do not.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from console.jobs import queue
from console.problems import Invalid
from console.schedules.models import Firing, Schedule
from console.schedules.states import CatchUp, Result, State
from console.schedules.times import following

log = logging.getLogger(__name__)

FIRE = "schedules.fire"
BATCH = 500
# A firing that is later than this missed its time: nothing ran then. Others are merely slow.
GRACE = timedelta(minutes=1)
MISSED = "Nothing was running at this time."
OVERLAPS = "The firing before it had not ended."
PAUSED = "The webtask was paused."


def claim_due(now: datetime) -> int:
    """Returns how many firings were made."""
    made = 0
    # Asked without a transaction first: on SQLite one that writes keeps all other writers out.
    while Schedule.objects.filter(next_at__lte=now).exists():
        made += _claim(now)
    return made


def _claim(now: datetime) -> int:
    with transaction.atomic():
        due = Schedule.objects.select_for_update(of=("self",), skip_locked=True).filter(next_at__lte=now)
        schedules = list(due.select_related("webtask").order_by("next_at")[:BATCH])
        busy = _busy(schedules)
        firings = [_firing(schedule, now, busy=schedule.pk in busy) for schedule in schedules]
        for schedule in schedules:
            _advance(schedule, now)
        Firing.objects.bulk_create(firings, ignore_conflicts=True)
        jobs = {
            f"{FIRE}:{one.schedule_id}@{one.due_at.timestamp():.0f}": {
                "schedule": one.schedule_id,
                "due": one.due_at.timestamp(),
            }
            for one in firings
            if not one.type
        }
        queue.enqueue_all(FIRE, jobs)
        Schedule.objects.bulk_update(schedules, ["next_at", "state"])
    return len(jobs)


def _firing(schedule: Schedule, now: datetime, *, busy: bool) -> Firing:
    assert schedule.next_at is not None
    firing = Firing(schedule=schedule, due_at=schedule.next_at)
    reason = _why_not(schedule, now, busy=busy)
    if reason:
        firing.type, firing.body = Result.SKIPPED, reason
        firing.started_at = firing.completed_at = now
    return firing


def _why_not(schedule: Schedule, now: datetime, *, busy: bool) -> str:
    """Why this firing is skipped; "" when it is not."""
    assert schedule.next_at is not None
    if schedule.webtask and schedule.webtask.paused:
        return PAUSED
    if now - schedule.next_at > GRACE and schedule.catch_up == CatchUp.SKIP:
        return MISSED
    return OVERLAPS if busy else ""


def _advance(schedule: Schedule, now: datetime) -> None:
    """However many times were missed, the next one is ahead."""
    try:
        schedule.next_at = following(schedule.cron, schedule.tz, now)
    except Exception as error:
        # A zone that this machine's database no longer has, or whatever else: it must not stop the other schedules.
        if not isinstance(error, Invalid):
            log.exception("schedule %s cannot be read", schedule)
        schedule.next_at, schedule.state = None, State.INACTIVE


def _busy(schedules: list[Schedule]) -> set[int]:
    under_way = Firing.objects.filter(schedule__in=schedules, type="")
    return set(under_way.values_list("schedule", flat=True))
