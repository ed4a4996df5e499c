"""The life of a job's row. Each step is one conditional UPDATE: of two that try, one wins."""

import random
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from console.jobs import doorbell
from console.jobs.kinds import KINDS, Kind
from console.jobs.models import Job
from console.jobs.states import FOLLOWS, State

MAX_BACKOFF = timedelta(minutes=10)


def enqueue(kind: str, *, due_at: datetime | None = None, key: str | None = None, **payload: Any) -> Job:
    """The row is the job. With a `key`, a second call returns the first one's row."""
    if kind not in KINDS:
        raise ValueError(f"there is no kind of job named {kind!r}")
    now = timezone.now()
    due_at = due_at or now
    values = {"kind": kind, "payload": payload, "due_at": due_at}
    with transaction.atomic():
        if key is None:
            job, made = Job.objects.create(**values), True
        else:
            job, made = Job.objects.get_or_create(key=key, defaults=values)
        if made and due_at <= now:
            Job.objects.filter(pk=job.pk).update(rung_at=now)
            transaction.on_commit(lambda: doorbell.ring(job.pk))
    return job


def enqueue_all(kind: str, payloads: Mapping[str, Mapping[str, Any]]) -> None:
    """Many at once, by their keys; those that are there already stay as they are. The clock rings for them."""
    assert kind in KINDS, kind
    now = timezone.now()
    jobs = [Job(kind=kind, payload=payload, key=key, due_at=now) for key, payload in payloads.items()]
    Job.objects.bulk_create(jobs, ignore_conflicts=True)


def claim(job_id: int) -> Job | None:
    """The job, now ours for its lease, or None: not due, not there, or another has it."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.kind not in KINDS:
        return None
    now, owner = timezone.now(), secrets.token_hex(8)
    lease = now + _lease(KINDS[job.kind], job)
    due = Q(pk=job_id, due_at__lte=now)
    values = {"owner": owner, "lease_until": lease, "attempt": F("attempt") + 1}
    won = _step(due, State.QUEUED, State.RUNNING, **values)
    return Job.objects.get(pk=job_id) if won else None


def finish(job: Job) -> bool:
    """False when the lease had run out and another has claimed it since."""
    return _step(_held(job), State.RUNNING, State.DONE, finished_at=timezone.now(), error="")


def fail(job: Job, error: str, *, wait: timedelta | None = None) -> State | None:
    """Queued again for later, or dead; `wait` instead of the usual one. None when the lease had run out and another has claimed it since."""
    now = timezone.now()
    if job.attempt >= KINDS[job.kind].attempts:
        won = _step(_held(job), State.RUNNING, State.DEAD, finished_at=now, error=error)
        return State.DEAD if won else None
    due_at = now + (_backoff(job.attempt) if wait is None else wait)
    won = _step(_held(job), State.RUNNING, State.QUEUED, due_at=due_at, rung_at=None, error=error)
    return State.QUEUED if won else None


def postpone(job: Job, wait: timedelta, reason: str) -> bool:
    """Queued again for later, as if it had not been claimed."""
    values = {"due_at": timezone.now() + wait, "rung_at": None, "attempt": F("attempt") - 1, "error": reason}
    return _step(_held(job), State.RUNNING, State.QUEUED, **values)


def release_orphans() -> int:
    """For a process that knows of no other: whoever had claimed a job is gone. Returns how many there were."""
    orphans = list(Job.objects.filter(state=State.RUNNING, kind__in=KINDS))
    told = "the server stopped before it finished"
    return sum(fail(job, told, wait=timedelta()) is not None for job in orphans)


def release_expired() -> int:
    """Jobs whose worker died or hangs: back to the queue, or dead. Returns how many."""
    now = timezone.now()
    expired = Job.objects.filter(state=State.RUNNING, lease_until__lt=now)
    return sum(
        fail(job, "its lease ran out before it finished") is not None for job in expired if job.kind in KINDS
    )


def _step(condition: Q, old: State, new: State, **values: Any) -> bool:
    """Whether a job in state `old` met `condition`; it is in state `new` now."""
    assert new in FOLLOWS[old], f"no job goes from {old} to {new}"
    return Job.objects.filter(condition, state=old).update(state=new, **values) == 1


def _held(job: Job) -> Q:
    return Q(pk=job.pk, owner=job.owner)


def _lease(kind: Kind, job: Job) -> timedelta:
    return kind.lease if isinstance(kind.lease, timedelta) else kind.lease(**job.payload)


def _backoff(attempt: int) -> timedelta:
    """2, 4, 8 … seconds, spread, so that a hundred that failed together do not come back together."""
    base = min(timedelta(seconds=2**attempt), MAX_BACKOFF)
    return base * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
