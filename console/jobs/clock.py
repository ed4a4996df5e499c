"""Each second: makes the jobs that are due, frees those whose worker is gone, rings for those due.

Any number of clocks may run: equal keys are one job, and a doubled ring loses the claim.
"""

import logging
import threading
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from console.jobs import doorbell, queue
from console.jobs.kinds import KINDS, TICKS, Kind, Tick
from console.jobs.models import Job
from console.jobs.states import State

TICK_SECONDS = 1.0
RING_AGAIN = timedelta(seconds=5)
MAX_RINGS = 200

logger = logging.getLogger(__name__)


class Clock(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="clock", daemon=True)
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.wait(TICK_SECONDS):
            try:
                tick()
            except Exception:
                # Whatever it is, the next second may go well, and without a clock every lost ring is a lost job.
                logger.exception("the clock missed a tick")
        connection.close()

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()


def tick() -> None:
    now = timezone.now()
    for kind in KINDS.values():
        if kind.every:
            make_periodic(kind, kind.every, now)
    for each in TICKS:
        _do(each, now)
    queue.release_expired()
    ring_due(now)


def _do(each: Tick, now: datetime) -> None:
    try:
        each(now)
    except Exception:
        # One of them failing must not keep the others, nor the jobs that wait, from their turn.
        logger.exception("%s failed", each)


def make_periodic(kind: Kind, every: timedelta, now: datetime) -> None:
    begun = datetime.fromtimestamp(now.timestamp() // every.total_seconds() * every.total_seconds(), UTC)
    key = f"{kind.name}@{begun.isoformat()}"
    if not Job.objects.filter(key=key).exists():
        queue.enqueue(kind.name, key=key)


def ring_due(now: datetime) -> list[int]:
    """Rings for what is due and was not rung for, or so long ago that the ring was lost."""
    unheard = Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN)
    due = Job.objects.filter(unheard, state=State.QUEUED, due_at__lte=now).order_by("due_at")
    ids = list(due.values_list("pk", flat=True)[:MAX_RINGS])
    if ids:
        Job.objects.filter(pk__in=ids).update(rung_at=now)
    for job_id in ids:
        doorbell.ring(job_id)
    return ids
