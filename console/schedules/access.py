"""Reads of schedules by name go through here, after access_webtask or a token's verification."""

from collections.abc import Collection

from django.db.models import QuerySet

from console.accounts.models import Team
from console.problems import Absent
from console.schedules.models import Firing, Schedule
from console.schedules.states import State
from console.webtasks.models import Webtask


def access_schedules(webtask: Webtask) -> "QuerySet[Schedule]":
    """Of a webtask that access_webtask returned, by name."""
    return _schedules().filter(webtask=webtask).order_by("name")


def access_schedule(webtask: Webtask, name: str) -> Schedule:
    """Of a webtask that access_webtask returned. Raises Absent."""
    schedule = access_schedules(webtask).filter(name=name).first()
    if schedule is None:
        raise Absent(f"The webtask “{webtask}” has no schedule “{name}”.")
    return schedule


def scheduled(webtasks: Collection[Webtask]) -> set[int]:
    """Of webtasks that access_webtasks returned, those that are called by themselves."""
    found = Schedule.objects.filter(webtask__in=webtasks, state=State.ACTIVE)
    return set(found.values_list("webtask_id", flat=True))


def access_jobs(team: Team) -> "QuerySet[Schedule]":
    """All of a team that a verified token is good for, by name."""
    return _schedules().filter(team=team).order_by("name")


def access_job(team: Team, name: str) -> Schedule:
    """Of a team that a verified token is good for. Raises Absent."""
    schedule = access_jobs(team).filter(name=name).first()
    if schedule is None:
        raise Absent(f"container {team} has no cron job {name}")
    return schedule


def access_firings(schedule: Schedule) -> "QuerySet[Firing]":
    """The history, newest first: what has ended."""
    return Firing.objects.filter(schedule=schedule).exclude(type="").order_by("-due_at")


def _schedules() -> "QuerySet[Schedule]":
    return Schedule.objects.select_related("team", "webtask__team", "webtask__token", "token")
