"""Reads of invitations: by number for the team, by the secret for whoever holds the link."""

import hashlib
from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.db.models import F, QuerySet, TextChoices
from django.utils import timezone

from console.accounts.access import access_team
from console.accounts.models import Invitation, Member, Team, User
from console.accounts.principals import Principal
from console.accounts.roles import TABLE, Action, Role
from console.problems import Absent


class State(TextChoices):
    """Only an open one can be accepted. Void: who wrote it may no longer invite as much."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    VOID = "void"


def digest_of(secret: str) -> str:
    """One round is enough: there are 256 bits to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def access_invitations(who: Principal, slug: str) -> "QuerySet[Invitation]":
    """Of a team, newest first. Raises Absent, Forbidden."""
    return _invitations().filter(team=access_team(who, slug, Action.INVITE)).order_by("-pk")


def access_invitation(who: Principal, slug: str, number: int) -> Invitation:
    """Raises Absent, Forbidden."""
    found = access_invitations(who, slug).filter(pk=number).first()
    if found is None:
        raise Absent(f"The team “{slug}” has no invitation {number}.")
    return found


def shown_invitation(secret: str) -> Invitation:
    """Which somebody shows; it may hold no longer. Raises Absent."""
    found = _invitations().filter(digest=digest_of(secret)).first()
    if found is None:
        raise Absent("There is no such invitation. Copy its link whole.")
    return found


def open_of(team: Team) -> "QuerySet[Invitation]":
    """Those of a team that count as open, void ones too."""
    found = Invitation.objects.filter(team=team, revoked_at=None, expires_at__gt=timezone.now())
    return found.filter(uses__lt=F("most_uses"))


def admitting(number: object) -> Invitation | None:
    """The invitation of this number, while people may sign up by it."""
    found = _invitations().filter(pk=number).first() if type(number) is int else None
    return found if found and state_of(found) == State.OPEN else None


def state_of(invitation: Invitation) -> State:
    return states([invitation])[0]


def states(invitations: Sequence[Invitation]) -> list[State]:
    """Of each, in their order."""
    members = Member.objects.filter(
        team__in={one.team_id for one in invitations},
        user__in={one.author_id for one in invitations if one.author_id},
        user__is_active=True,
    )
    roles = {(team, user): Role(role) for team, user, role in members.values_list("team", "user", "role")}
    return [_state(one, roles.get((one.team_id, one.author_id or 0))) for one in invitations]


def is_foreign(invitation: Invitation, user: User) -> bool:
    """For an address that is not theirs, or of which they have not shown that it is."""
    if not invitation.email:
        return False
    proved = EmailAddress.objects.filter(user=user, email=invitation.email, verified=True)
    return user.email != invitation.email or not proved.exists()


def _invitations() -> "QuerySet[Invitation]":
    return Invitation.objects.select_related("team", "author", "accepted_by")


def _state(invitation: Invitation, author: Role | None) -> State:
    if invitation.revoked_at:
        return State.REVOKED
    if invitation.uses >= invitation.most_uses:
        return State.USED
    if invitation.expires_at <= timezone.now():
        return State.EXPIRED
    may = TABLE[author] if author else frozenset()
    if Action.INVITE not in may or not TABLE[Role(invitation.role)] <= may:
        return State.VOID
    return State.OPEN
