"""The audit trail: one row per write, in the write's own transaction."""

from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction
from django.http import HttpRequest

from console.accounts.models import AuditEvent, Team, User


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, and from where. `user` is None for the machine itself."""

    name: str
    user: User | None = None
    address: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Raises TypeError for an anonymous request: nobody writes unnamed."""
        if not isinstance(request.user, User):
            raise TypeError("an anonymous request has no actor")
        return cls(request.user.email, request.user, request.META.get("REMOTE_ADDR", "")[:45])


# Commands and jobs.
SYSTEM = Actor("system")


def record(actor: Actor, action: str, team: Team | None, subject: str, **detail: Any) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an audit event belongs in the transaction of the write")
    AuditEvent.objects.create(
        actor=actor.name,
        address=actor.address,
        team=team.slug if team else "",
        action=action,
        object=subject,
        detail=detail,
    )
