"""Every write to a team's schedules: atomic and audited."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from console.accounts.audit import Actor, changes, record
from console.accounts.models import Team, Token
from console.problems import Invalid, Taken
from console.schedules.models import Schedule
from console.schedules.states import CatchUp, State
from console.schedules.times import check, following
from console.webtasks.models import Webtask


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a schedule should be. `meta` maps strings to strings."""

    cron: str
    tz: str = "UTC"
    catch_up: str = CatchUp.SKIP
    state: str = State.ACTIVE
    meta: Mapping[str, str] = field(default_factory=dict)


def create_schedule(webtask: Webtask, name: str, plan: Plan, *, actor: Actor) -> Schedule:
    """Raises Invalid, Taken."""
    with transaction.atomic():
        _lock(webtask.team)
        if Schedule.objects.filter(team=webtask.team, name=name).exists():
            raise Taken(f"The team already has a schedule named “{name}”.")
        return _put(webtask.team, name, plan, actor=actor, webtask=webtask)


def put_schedule(
    team: Team, name: str, plan: Plan, *, actor: Actor, webtask: Webtask | None, token: Token | None
) -> Schedule:
    """Creates or replaces it: its counts and its history stay. Raises Invalid."""
    with transaction.atomic():
        _lock(team)
        return _put(team, name, plan, actor=actor, webtask=webtask, token=token)


def change_schedule(schedule: Schedule, wanted: Mapping[str, Any], *, actor: Actor) -> Schedule:
    """Those of a Plan's fields that are named. Raises Invalid."""
    with transaction.atomic():
        _lock(schedule.team)
        schedule.refresh_from_db(fields=["cron", "tz", "catch_up", "state", "meta", "next_at"])
        before, was = (schedule.cron, schedule.tz, schedule.state), _told(schedule)
        for name, value in wanted.items():
            setattr(schedule, name, value)
        check(schedule.cron, schedule.tz)
        if before != (schedule.cron, schedule.tz, schedule.state):
            _plan_next(schedule)
        schedule.save(update_fields=[*wanted, "next_at"])
        record(actor, "schedule.change", schedule.team, str(schedule), **changes(was, _told(schedule)))
    return schedule


def delete_schedule(schedule: Schedule, *, actor: Actor) -> None:
    """With its history."""
    with transaction.atomic():
        record(actor, "schedule.delete", schedule.team, str(schedule), before=_told(schedule))
        schedule.delete()


def _put(
    team: Team,
    name: str,
    plan: Plan,
    *,
    actor: Actor,
    webtask: Webtask | None = None,
    token: Token | None = None,
) -> Schedule:
    check(plan.cron, plan.tz)
    schedule = Schedule.objects.select_related("webtask").filter(team=team, name=name).first()
    before = _told(schedule) if schedule else {}
    if schedule is None:
        schedule = Schedule(team=team, name=name)
        _check_room(team)
    schedule.webtask, schedule.token = webtask, token
    schedule.cron, schedule.tz, schedule.catch_up = plan.cron, plan.tz, plan.catch_up
    schedule.state, schedule.meta = plan.state, dict(plan.meta)
    _plan_next(schedule)
    schedule.save()
    record(actor, "schedule.put", team, str(schedule), **changes(before, _told(schedule)))
    return schedule


def _told(schedule: Schedule) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(schedule, name) for name in ("cron", "tz", "catch_up", "state", "meta")
    }
    return {
        **told,
        "webtask": schedule.webtask.name if schedule.webtask else None,
        "token": schedule.token_id,
    }


def _plan_next(schedule: Schedule) -> None:
    active = schedule.state == State.ACTIVE
    schedule.next_at = following(schedule.cron, schedule.tz, timezone.now()) if active else None


def _check_room(team: Team) -> None:
    most = settings.MAX_SCHEDULES
    if Schedule.objects.filter(team=team).count() >= most:
        raise Invalid(f"The team has {most} schedules already, which is the limit. Delete one first.")


def _lock(team: Team) -> None:
    """Two who add a schedule take turns, so that both keep to the limit."""
    Team.objects.select_for_update().get(pk=team.pk)
