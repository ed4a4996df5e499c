"""Reads of the audit trail: a team's by those who may, a person's own by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from console.accounts.access import access_team
from console.accounts.models import AuditEvent, User
from console.accounts.principals import Principal
from console.accounts.roles import Action
from console.problems import Absent

# Of one question to the database while a whole trail is read.
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Of a trail: what is empty or None does not choose. `action` is one, or what begins its name: "webtask"."""

    actor: str = ""
    action: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def among(self, events: "QuerySet[AuditEvent]") -> "QuerySet[AuditEvent]":
        if self.actor:
            events = events.filter(actor=self.actor)
        if self.action:
            events = events.filter(
                Q(action=self.action) | Q(action__startswith=f"{self.action.rstrip('.')}.")
            )
        if self.object:
            events = events.filter(object=self.object)
        if self.since:
            events = events.filter(at__gte=self.since)
        return events.filter(at__lt=self.until) if self.until else events


def access_events(
    who: Principal, slug: str, wanted: Wanted, *, before: int | None = None
) -> "QuerySet[AuditEvent]":
    """Newest first. By the team's id: who takes a name that was another team's sees nothing of theirs.

    Raises Absent, Forbidden.
    """
    team = access_team(who, slug, Action.AUDIT)
    return _newest(AuditEvent.objects.filter(team_key=team.pk), wanted, before)


def own_events(user: User, *, before: int | None = None) -> "QuerySet[AuditEvent]":
    """What was done to their own account, newest first. Raises Absent."""
    return _newest(AuditEvent.objects.filter(person_key=user.pk), Wanted(), before)


def walk(events: "QuerySet[AuditEvent]") -> Iterator[AuditEvent]:
    """All of them, page by page: whoever reads slowly keeps no transaction open."""
    page = list(events[:PAGE])
    while page:
        yield from page
        page = list(_after(events, page[-1])[:PAGE]) if len(page) == PAGE else []


def _newest(events: "QuerySet[AuditEvent]", wanted: Wanted, before: int | None) -> "QuerySet[AuditEvent]":
    found = wanted.among(events).order_by("-at", "-id")
    if before is None:
        return found
    last = events.filter(pk=before).first()
    if last is None:
        raise Absent(f"The trail has no event {before}.")
    return _after(found, last)


def _after(events: "QuerySet[AuditEvent]", last: AuditEvent) -> "QuerySet[AuditEvent]":
    # The first half is what the index serves.
    return events.filter(Q(at__lte=last.at) & (Q(at__lt=last.at) | Q(id__lt=last.pk)))
