"""What a due schedule's job does: one POST of the job record to the webtask, and its result written down."""

import json
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from console.accounts import tokens, vault
from console.accounts.audit import SYSTEM
from console.accounts.models import Team
from console.jobs.kinds import Later
from console.problems import Forbidden, Problem, Unreachable
from console.schedules.access import access_firings
from console.schedules.actions import change_schedule
from console.schedules.bearer import bearer, token_of
from console.schedules.due import PAUSED
from console.schedules.models import Firing, Schedule
from console.schedules.shapes import job_shape
from console.schedules.states import Result, State
from console.webtasks.calls import GRACE_SECONDS, Answer, console_host, longest, patience, send
from console.webtasks.deployments import of_token, vouch
from console.webtasks.guards import PUBLIC
from console.webtasks.redaction import MARGIN, kept, redactor_for
from console.webtasks.storable import text
from executor.contract import GRANT_HEADER, RUN_PREFIX, SOURCE_HEADER
from executor.redaction import Redactor

# How often it is tried when no executor takes it; an answer of the webtask, whatever it says, is a result.
ATTEMPTS = 3
WAIT = timedelta(seconds=2)
# Of a team, so that none takes all threads of the worker; and how long the next waits before it looks again.
AT_ONCE = 4
TURN = timedelta(seconds=1)
HISTORY = 100
KEPT_BODY = 16 * 1024
KEPT_HEADERS = 50
SLACK = timedelta(seconds=5)
# Of an executor that is full, or whose worker ended under the call.
_BUSY = (429, 503)


class _Spent(Forbidden):
    """The token that a client gave with the job will never be good again."""


def lease(schedule: int, due: float) -> timedelta:
    """A little longer than the call may take: when it runs out, whoever made it is gone."""
    found = _find(schedule, due)
    return SLACK + timedelta(seconds=longest(_patience(found.schedule) if found else GRACE_SECONDS))


def fire(schedule: int, due: float) -> None:
    """Raises Later when it is worth another try."""
    firing = _begin(schedule, due)
    if firing is None:
        return
    try:
        answer = _call(firing.schedule)
    except _Spent as spent:
        _end(firing, Result.ERROR, body=spent.detail)
        change_schedule(firing.schedule, {"state": State.INACTIVE}, actor=SYSTEM)
    except Unreachable as problem:
        _again(firing, problem.detail)
    except Problem as problem:
        _end(firing, Result.ERROR, body=problem.detail)
    else:
        if answer.status in _BUSY and answer.header(SOURCE_HEADER) == "proxy":
            _again(firing, answer.body.decode(errors="replace"), answer)
        else:
            _end_with(firing, answer)


def _find(schedule: int, due: float) -> Firing | None:
    due_at = datetime.fromtimestamp(due, UTC)
    found = Firing.objects.select_related(
        "schedule__team", "schedule__webtask__team", "schedule__webtask__token", "schedule__token"
    )
    return found.filter(schedule=schedule, due_at=due_at, type="").first()


def _begin(schedule: int, due: float) -> Firing | None:
    """None when it has ended, or when its schedule was deleted. Raises Later while others have the team's lane."""
    firing = _find(schedule, due)
    if firing is None:
        return None
    if firing.attempt >= ATTEMPTS:
        _end(firing, Result.ERROR, body="The server stopped each time before it ended.")
        return None
    if firing.schedule.webtask and firing.schedule.webtask.paused:
        _end(firing, Result.SKIPPED, body=PAUSED)
        return None
    with transaction.atomic():
        # By turns: two that begin at once must see each other.
        team = Team.objects.select_for_update().get(pk=firing.schedule.team_id)
        under_way = Firing.objects.filter(schedule__team=team, type="", started_at__isnull=False)
        if under_way.exclude(pk=firing.pk).count() >= AT_ONCE:
            raise Later(f"{AT_ONCE} schedules of the team are firing already.", wait=TURN)
        firing.attempt += 1
        firing.started_at = timezone.now()
        firing.save(update_fields=["attempt", "started_at"])
    return firing


def _call(schedule: Schedule) -> Answer:
    """Raises Forbidden when the token no longer stands, Unreachable."""
    token = token_of(schedule)
    if token is None:
        raise Forbidden("its token is gone")
    try:
        (tokens.stands if schedule.token else tokens.serves)(token)
    except Forbidden as problem:
        # The webtask's own may be replaced by another; of one that was given this is the end.
        if schedule.token and token.claims.get("nbf", 0) <= time.time():
            raise _Spent(problem.detail) from None
        raise
    path = f"{RUN_PREFIX}{schedule.team.slug}"
    if schedule.webtask:
        path += f"/{schedule.webtask.name}"
    headers = [
        ("host", console_host()),
        ("authorization", f"Bearer {bearer(schedule)}"),
        ("content-type", "application/json"),
    ]
    if schedule.webtask and schedule.webtask.guard != PUBLIC:
        headers.append((GRANT_HEADER, vouch(schedule.webtask)))
    content = json.dumps(job_shape(schedule)).encode()
    return send("POST", path, headers, content, patience=_patience(schedule), most=KEPT_BODY + MARGIN)


def _patience(schedule: Schedule) -> float:
    if schedule.webtask:
        return patience(schedule.webtask)
    return settings.CEILINGS.wall_ms / 1000 + GRACE_SECONDS


def _again(firing: Firing, reason: str, answer: Answer | None = None) -> None:
    if firing.attempt < ATTEMPTS:
        # It waits: another may go before it.
        firing.started_at = None
        firing.save(update_fields=["started_at"])
        raise Later(reason, wait=WAIT * 2**firing.attempt)
    if answer:
        _end_with(firing, answer)
    else:
        _end(firing, Result.ERROR, body=reason)


def _end_with(firing: Firing, answer: Answer) -> None:
    answer = kept(answer, _redactor(firing.schedule), most=KEPT_BODY)
    firing.status = answer.status
    headers = answer.headers[:KEPT_HEADERS]
    firing.headers = {text(name.lower(), 200): text(value, 4096) for name, value in headers}
    outcome = Result.SUCCESS if answer.status < 400 else Result.ERROR
    _end(firing, outcome, body=answer.body.decode(errors="replace"))


def _redactor(schedule: Schedule) -> Redactor | None:
    if schedule.webtask:
        return redactor_for(schedule.webtask)
    token = token_of(schedule)
    try:
        return Redactor(of_token(token, schedule.team).secrets) if token else None
    except (Problem, vault.Broken):
        return None


def _end(firing: Firing, outcome: Result, *, body: str) -> None:
    firing.type, firing.body = outcome, text(body, KEPT_BODY)
    firing.completed_at = timezone.now()
    firing.started_at = firing.started_at or firing.completed_at
    firing.save()
    schedule = Schedule.objects.filter(pk=firing.schedule_id)
    schedule.update(run_count=F("run_count") + 1, error_count=F("error_count") + (outcome == Result.ERROR))
    old = list(access_firings(firing.schedule).values_list("pk", flat=True)[HISTORY:])
    Firing.objects.filter(pk__in=old).delete()
