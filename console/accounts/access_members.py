"""Reads of who is in a team."""

from django.db.models import QuerySet

from console.accounts.access import access_team
from console.accounts.models import Member, Team, Token, User
from console.accounts.principals import Principal
from console.accounts.roles import Action
from console.problems import Absent


def access_members(who: Principal, slug: str) -> "QuerySet[Member]":
    """Of a team, those who have been in it longest first. Raises Absent, Forbidden."""
    return _members(access_team(who, slug, Action.TEAM))


def access_member(who: Principal, slug: str, number: int) -> Member:
    """To change it. Raises Absent, Forbidden."""
    team = access_team(who, slug, Action.MEMBERS)
    member = _members(team).filter(pk=number).first()
    if member is None:
        raise Absent(f"The team “{slug}” has no member {number}.")
    return member


def tokens_of(member: Member) -> "QuerySet[Token]":
    """What they have issued for the team and what is in force, but for those that webtasks' URLs stand for."""
    return tokens_by(member.user).filter(team=member.team_id)


def tokens_by(user: User) -> "QuerySet[Token]":
    """The same for whatever team."""
    return Token.objects.filter(author=user, revoked_at=None, claims__jtn__isnull=True)


def _members(team: Team) -> "QuerySet[Member]":
    return Member.objects.select_related("user", "team").filter(team=team).order_by("created_at", "pk")
