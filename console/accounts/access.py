"""Reads of a team's things by name go through here: the check lives once."""

from django.contrib.auth.models import AnonymousUser

from console.accounts.models import Member, Team, User
from console.accounts.roles import Action, require
from console.problems import Absent, Forbidden


def access_team(user: User | AnonymousUser, slug: str, action: Action) -> Team:
    """Raises Absent (no such team, or not yours: the same), Forbidden (your role lacks `action`)."""
    member = membership(user, slug)
    if member is None:
        raise Absent(f"There is no team “{slug}” that you belong to.")
    require(member.role, action)
    return member.team


def require_staff(user: User | AnonymousUser) -> None:
    """System is about the nodes, not about a team. Raises Forbidden."""
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        raise Forbidden("Only the staff of this installation may see its nodes and how they hold.")


def membership(user: User | AnonymousUser, slug: str) -> Member | None:
    if not isinstance(user, User):
        return None
    if not user.is_active:
        return None
    return Member.objects.select_related("team").filter(team__slug=slug, user=user).first()
