"""How schedules look as JSON: to the console's API, and to the published clients."""

from typing import Any, TypedDict

from django.utils import timezone

from console.problems import Invalid
from console.schedules.access import access_firings
from console.schedules.bearer import bearer, expiry
from console.schedules.models import Firing, Schedule
from console.schedules.times import following, upcoming
from console.webtasks.shapes import instant

NEXT = 5


class FiringShape(TypedDict):
    """`status` and `headers` are the webtask's answer; `body` is its beginning, or says why there is none."""

    type: str
    scheduled_at: str
    started_at: str | None
    completed_at: str | None
    status: int | None
    headers: dict[str, str]
    body: str


class ScheduleShape(TypedDict):
    name: str
    webtask: str | None
    schedule: str
    tz: str
    catch_up: str
    state: str
    meta: dict[str, str]
    created_at: str
    next_runs: list[str]
    run_count: int
    error_count: int
    last: FiringShape | None


def schedule_shape(schedule: Schedule, *, logs: bool) -> ScheduleShape:
    """`logs`: for somebody who may see what came of it."""
    last = access_firings(schedule).first() if logs else None
    return {
        "name": schedule.name,
        "webtask": schedule.webtask.name if schedule.webtask else None,
        "schedule": schedule.cron,
        "tz": schedule.tz,
        "catch_up": schedule.catch_up,
        "state": schedule.state,
        "meta": schedule.meta,
        "created_at": instant(schedule.created_at),
        "next_runs": _next_runs(schedule),
        "run_count": schedule.run_count,
        "error_count": schedule.error_count,
        "last": firing_shape(last) if last else None,
    }


def firing_shape(firing: Firing) -> FiringShape:
    return {
        "type": firing.type,
        "scheduled_at": instant(firing.due_at),
        "started_at": instant(firing.started_at) if firing.started_at else None,
        "completed_at": instant(firing.completed_at) if firing.completed_at else None,
        "status": firing.status,
        "headers": firing.headers,
        "body": firing.body,
    }


def job_shape(schedule: Schedule) -> dict[str, Any]:
    """The job record of the published clients, and what a firing sends."""
    job = {
        "name": schedule.name,
        "container": schedule.team.slug,
        "token": bearer(schedule),
        "schedule": schedule.cron,
        "state": schedule.state,
        "tz": schedule.tz,
        "meta": schedule.meta,
        "created_at": instant(schedule.created_at),
        "next_available_at": _next_run(schedule),
        "run_count": schedule.run_count,
        "error_count": schedule.error_count,
    }
    expires_at = expiry(schedule)
    return {**job, "expires_at": instant(expires_at)} if expires_at else job


def job_with_result(schedule: Schedule, *, logs: bool) -> dict[str, Any]:
    """`logs`: for somebody who may see what came of it."""
    last = access_firings(schedule).first() if logs else None
    return {**job_shape(schedule), "results": [result_shape(last)] if last else []}


def result_shape(firing: Firing) -> dict[str, Any]:
    told = dict(firing_shape(firing))
    return {**told, "statusCode": told.pop("status")}


def _next_run(schedule: Schedule) -> str | None:
    """Also of an inactive one: the clients print it as a date, whatever its state."""
    try:
        moment = schedule.next_at or following(schedule.cron, schedule.tz, timezone.now())
    except Invalid:
        return None
    return instant(moment)


def _next_runs(schedule: Schedule) -> list[str]:
    if schedule.next_at is None:
        return []
    try:
        return [instant(moment) for moment in upcoming(schedule.cron, schedule.tz, timezone.now(), NEXT)]
    except Invalid:
        return []
