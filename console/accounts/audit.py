"""The audit trail: one row per write, in the write's own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import transaction
from django.http import HttpRequest

from console.accounts.models import AuditEvent, Team, Token, User

# Of a detail: what is longer is cut, so that nobody can fill the trail, which cannot be emptied.
MOST_CHARACTERS = 500
MOST_MEMBERS = 100
# Of one transaction that drops old ones: a writer waits for one of them at most.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, and from where. `user` is None for the machine itself; `token` is the id of the one they showed."""

    name: str
    user: User | None = None
    address: str = ""
    token: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Raises TypeError for an anonymous request: nobody writes unnamed."""
        if not isinstance(request.user, User):
            raise TypeError("an anonymous request has no actor")
        held = request.user.holds
        if held:
            # It stands for itself, on behalf of whoever issued it.
            return cls(f"token {held.jti}", held.author, address_of(request), held.jti)
        token = getattr(request, "auth", None)
        shown = token.jti if isinstance(token, Token) else ""
        return cls(request.user.handle, request.user, address_of(request), shown)


# Commands and jobs.
SYSTEM = Actor("system")


def address_of(request: HttpRequest) -> str:
    """Of the person: the edge says it, who believes only proxies that are trusted (executor/edge/proxies.py)."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def record(actor: Actor, action: str, team: Team | None, subject: str | User, **detail: Any) -> None:
    """`subject` is what it was done to, by its name in the team; or a person, who reads what is of no team.

    Secrets by name, code by version and digest, documents by etag and size: no detail holds what must not be read.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an audit event belongs in the transaction of the write")
    if team is not None and team.pk is None:
        raise ValueError("record a team's end before it is deleted: its events are found by its id")
    about = subject if isinstance(subject, User) else None
    if about is None and actor.user and actor.user.handle == subject:
        about = actor.user
    name = about.handle if about else str(subject)
    AuditEvent.objects.create(
        actor=actor.name,
        actor_key=actor.user.pk if actor.user else None,
        address=actor.address,
        token=actor.token,
        team=team.slug if team else "",
        team_key=team.pk if team else None,
        person_key=about.pk if about and not team else None,
        action=action,
        # A team may be renamed: within it the name alone stays right.
        object=name.removeprefix(f"{team.slug}/") if team else name,
        detail=_short(detail),
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What differs, as the detail of an event. What is on one side alone was added, or taken away."""
    differing = [name for name in {**before, **after} if before.get(name, ...) != after.get(name, ...)]
    return {
        "before": {name: before[name] for name in differing if name in before},
        "after": {name: after[name] for name in differing if name in after},
    }


def drop_older(before: datetime) -> None:
    """The one way out of the trail, which tells of itself. The database refuses it for younger ones (append_only.py)."""
    last = 0
    while True:
        with transaction.atomic():
            chunk = list(
                AuditEvent.objects.filter(id__gt=last).order_by("id").values_list("id", "at")[:CHUNK]
            )
            gone = AuditEvent.objects.filter(id__in=[number for number, at in chunk if at < before]).drop()
            # In the order of time, about: the first chunk with nothing old in it ends the walk.
            if not gone:
                return
            record(SYSTEM, "audit.drop", None, "audit trail", events=gone, before=before.isoformat())
        last = chunk[-1][0]


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= MOST_CHARACTERS else f"{value[:MOST_CHARACTERS]}…"
    if isinstance(value, Mapping):
        return {_short(name): _short(inner) for name, inner in list(value.items())[:MOST_MEMBERS]}
    if isinstance(value, list | tuple):
        return [_short(inner) for inner in value[:MOST_MEMBERS]]
    return value
