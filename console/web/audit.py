"""Who did what: a team's audit trail, and what happened to a person's own account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.accounts.access import access_team
from console.accounts.access_audit import Wanted, access_events, own_events
from console.accounts.models import AuditEvent, Token, User
from console.accounts.needs import needs
from console.accounts.principals import Person
from console.accounts.roles import Action
from console.accounts.sentences import GROUPS, parts, sentence

PAGE = 50
# Long enough to be told, and more than a line of a table holds.
_LONG = 80


class Search(forms.Form):
    """What is not filled in does not choose. Days are whole ones, in UTC."""

    actor = forms.CharField(required=False, max_length=254)
    action = forms.CharField(required=False, max_length=40)
    object = forms.CharField(required=False, max_length=254)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    before = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)

    def wanted(self) -> Wanted:
        asked = self.cleaned_data
        day = timedelta(days=1)
        return Wanted(
            actor=asked["actor"].lower() if "@" in asked["actor"] else asked["actor"],
            action=asked["action"],
            object=asked["object"],
            since=_midnight(asked["since"]) if asked["since"] else None,
            until=_midnight(asked["until"]) + day if asked["until"] else None,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One event as the page tells it. `changes` are name, before and after, of which None is nothing."""

    event: AuditEvent
    who: str
    token: str
    text: str
    changes: list[tuple[str, str | None, str | None]]
    rest: list[tuple[str, str]]


@needs(Action.AUDIT)
@login_required
@never_cache
@require_safe
def audit(request: HttpRequest, team: str) -> HttpResponse:
    assert isinstance(request.user, User)
    who = Person(request.user)
    owned = access_team(who, team, Action.AUDIT)
    form = Search(request.GET)
    asked = form.is_valid()
    wanted = form.wanted() if asked else Wanted()
    found = access_events(who, team, wanted, before=form.cleaned_data["before"] if asked else None)
    events, more = _page(found)
    context = {
        "team": owned,
        "form": form,
        "groups": GROUPS,
        "days": _by_day(events),
        "more": _query(request, before=events[-1].pk) if more else "",
        "newest": _query(request) if asked and form.cleaned_data["before"] else "",
        "chosen": wanted != Wanted(),
        "export": f"/api/teams/{team}/audit/export?{_export(wanted)}",
        "keep": settings.KEEP_AUDIT_DAYS,
    }
    return render(request, "web/team/audit.html", context, status=200 if asked else 400)


@login_required
@never_cache
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = Search({"before": request.GET.get("before", "")})
    before = form.cleaned_data["before"] if form.is_valid() else None
    events, more = _page(own_events(request.user, before=before))
    context = {
        "days": _by_day(events),
        "more": f"?before={events[-1].pk}" if more else "",
        "newest": request.path if before else "",
        "keep": settings.KEEP_AUDIT_DAYS,
        "own": request.user.pk,
    }
    return render(request, "web/account/activity.html", context)


def _page(found: Any) -> tuple[list[AuditEvent], bool]:
    events = list(found[: PAGE + 1])
    return events[:PAGE], len(events) > PAGE


def _by_day(events: Sequence[AuditEvent]) -> list[tuple[datetime, list[Row]]]:
    people = User.objects.filter(pk__in={one.actor_key for one in events if one.actor_key})
    # Of whoever it was, not of whoever has the address now.
    names = dict(people.values_list("pk", "name"))
    tokens = dict(Token.objects.filter(jti__in={one.token for one in events}).values_list("jti", "name"))
    rows = [_row(event, names, tokens) for event in events]
    days = groupby(rows, key=lambda row: timezone.localtime(row.event.at).date())
    return [(list_of[0].event.at, list_of) for list_of in (list(of_day) for _, of_day in days)]


def _row(event: AuditEvent, names: dict[int, str], tokens: dict[str, str]) -> Row:
    told = parts(event)
    both = {**told.before, **told.after}
    token = tokens.get(event.token, event.token)
    who = "The system" if event.actor == "system" else names.get(event.actor_key or 0) or event.actor
    if event.token and event.actor == f"token {event.token}":
        # It stands for itself.
        who, token = f"The token “{token}”", ""
    return Row(
        event=event,
        who=who,
        token=token,
        text=sentence(event),
        changes=[(name, _shown(told.before, name), _shown(told.after, name)) for name in both],
        rest=[(name, _text(value)) for name, value in told.rest.items()],
    )


def _shown(side: dict[str, Any], name: str) -> str | None:
    return _text(side[name]) if name in side and side[name] is not None else None


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(inner)}" for name, inner in value.items()) or "–"
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _query(request: HttpRequest, **changed: object) -> str:
    """This page's own questions, with what is changed; where it comes again from the newest, without."""
    asked = {name: value for name, value in request.GET.items() if value and name in Search.base_fields}
    asked.pop("before", None)
    return f"?{urlencode({**asked, **changed})}"


def _export(wanted: Wanted) -> str:
    asked: Iterable[tuple[str, Any]] = (
        ("actor", wanted.actor),
        ("action", wanted.action),
        ("object", wanted.object),
        ("since", wanted.since and wanted.since.isoformat()),
        ("until", wanted.until and wanted.until.isoformat()),
    )
    return urlencode({name: value for name, value in asked if value})


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time.min, UTC)
