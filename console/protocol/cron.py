"""Endpoints 12 to 17 of the protocol: a container's cron jobs, which are the schedules of the console."""

import re
from typing import Any

from django.http import HttpResponse, JsonResponse

from console.accounts import tokens
from console.accounts.models import Team, Token
from console.accounts.needs import needs
from console.accounts.roles import Action
from console.problems import Forbidden, Invalid
from console.protocol.ask import Ask
from console.schedules.access import access_firings, access_job, access_jobs
from console.schedules.actions import Plan, change_schedule, delete_schedule, put_schedule
from console.schedules.models import Schedule
from console.schedules.shapes import job_with_result, result_shape
from console.schedules.states import State
from console.webtasks.access import find_webtask
from console.webtasks.models import Webtask
from executor.contract import NAME_PATTERN

_MEMBERS = {"schedule", "token", "state", "tz", "meta"}


@needs(Action.SCHEDULE)
def put(ask: Ask, team: str, name: str) -> HttpResponse:
    """Creates or replaces a job. Without a token it is for the webtask of its name."""
    sent = ask.body()
    if unknown := sent.keys() - _MEMBERS:
        raise Invalid(f"unsupported property `{min(unknown)[:80]}`")
    owner = ask.team_of(team, name)
    if not re.fullmatch(NAME_PATTERN, name):
        raise Invalid(f"`{name[:80]}` is not a cron job's name")
    plan = _plan(sent)
    webtask, token = _target(ask, owner, name, sent.get("token"))
    job = put_schedule(owner, name, plan, actor=ask.bearer.actor, webtask=webtask, token=token)
    return JsonResponse(_told(ask, job))


@needs(Action.VIEW)
def find(ask: Ask, team: str) -> HttpResponse:
    """By name."""
    owner = ask.team(team)
    names, wanted = ask.bearer.claims.get("jtnm"), ask.meta()
    jobs = access_jobs(owner) if names is None else access_jobs(owner).filter(name__in=names)
    fit = [job for job in jobs if wanted.items() <= job.meta.items()]
    return JsonResponse(_all_told(ask, team, fit[ask.page()]), safe=False)


@needs(Action.VIEW)
def read(ask: Ask, team: str, name: str) -> HttpResponse:
    return JsonResponse(_told(ask, _one(ask, team, name)))


@needs(Action.LOGS)
def history(ask: Ask, team: str, name: str) -> HttpResponse:
    """Newest first."""
    found = access_firings(_one(ask, team, name))[ask.page()]
    return JsonResponse([result_shape(firing) for firing in found], safe=False)


@needs(Action.SCHEDULE)
def put_state(ask: Ask, team: str, name: str) -> HttpResponse:
    job = _one(ask, team, name)
    state = _state(ask.body().get("state"))
    return JsonResponse(_told(ask, change_schedule(job, {"state": state}, actor=ask.bearer.actor)))


@needs(Action.SCHEDULE)
def remove(ask: Ask, team: str, name: str) -> HttpResponse:
    """The published clients read the name of what was removed."""
    job = _one(ask, team, name)
    removed = _told(ask, job)
    delete_schedule(job, actor=ask.bearer.actor)
    return JsonResponse(removed)


def _one(ask: Ask, team: str, name: str) -> Schedule:
    return access_job(ask.team_of(team, name), name)


def _told(ask: Ask, job: Schedule) -> dict[str, Any]:
    return _all_told(ask, job.team.slug, [job])[0]


def _all_told(ask: Ask, team: str, jobs: list[Schedule]) -> list[dict[str, Any]]:
    """With what came of them for those who may see logs, with their tokens for those who may issue one."""
    logs, issue = (_may(ask, team, action) for action in (Action.LOGS, Action.ISSUE))
    told = [job_with_result(job, logs=logs) for job in jobs]
    return told if issue else [{**one, "token": ""} for one in told]


def _may(ask: Ask, team: str, action: Action) -> bool:
    try:
        ask.bearer.team(team, action)
    except Forbidden:
        return False
    return True


def _plan(sent: dict[str, Any]) -> Plan:
    """Raises Invalid."""
    cron, tz, meta = sent.get("schedule"), sent.get("tz", "UTC"), sent.get("meta") or {}
    if not isinstance(cron, str) or len(cron) > 200:
        raise Invalid("`schedule` must be a cron expression")
    if not isinstance(tz, str):
        raise Invalid("`tz` must be the name of a time zone")
    if not isinstance(meta, dict) or not all(isinstance(value, str) for value in meta.values()):
        raise Invalid("`meta` must map names to strings")
    return Plan(cron=cron, tz=tz, state=_state(sent.get("state", State.ACTIVE)), meta=meta)


def _state(value: Any) -> str:
    if value not in State.values:
        raise Invalid("`state` must be active or inactive")
    return str(value)


def _target(ask: Ask, owner: Team, name: str, presented: Any) -> tuple[Webtask | None, Token | None]:
    """What a job calls, and with which token: None is the webtask's own, whichever that will be."""
    if presented is None:
        return find_webtask(owner, name), None
    if not isinstance(presented, str):
        raise Invalid("`token` must be a webtask token")
    token = tokens.verify(presented, owner.slug)
    if "jtn" in token.claims:
        ask.team_of(owner.slug, token.claims["jtn"])
        webtask = find_webtask(owner, token.claims["jtn"])
        return webtask, None if webtask.token_id == token.jti else token
    if "url" not in token.claims:
        raise Invalid("`token` fixes no code: there is nothing for the job to run")
    return None, token
