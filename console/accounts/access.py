"""Reads of a team's things by name go through here: the check lives once."""

import time
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from console.accounts.models import Member, Team, Token, User
from console.accounts.principals import Person, Principal
from console.accounts.roles import GUEST, Action, Role, actions_of
from console.problems import Absent, Forbidden

_PART = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may in `team`; `title` says as what ("viewer of this team")."""

    team: Team
    title: str
    actions: frozenset[Action]

    def require(self, action: Action) -> None:
        """Raises Forbidden."""
        if action not in self.actions:
            raise Forbidden(f"You are {self.title}; that does not let you {action.label}.")


def access_team(who: Principal, slug: str, action: Action) -> Team:
    """Raises Absent (no such team, or not yours: the same), Forbidden (your role lacks `action`)."""
    found = standing(who, slug)
    if found is None:
        raise Absent(f"There is no team “{slug}” that you belong to.")
    found.require(action)
    return found.team


def standing(who: Principal, slug: str) -> Standing | None:
    """As a member of the team; None for whoever is not."""
    member = membership(who.user, slug)
    if member is None or not who.within(member.team):
        return None
    title = f"{Role(member.role).label.lower()} of this team"
    if member.team.expires_at:
        title = "a guest without an account"
    return Standing(member.team, title, who.narrow(powers(member)))


def powers(member: Member) -> frozenset[Action]:
    """What a member may in their team, of themselves."""
    actions = actions_of(member.role)
    return actions & GUEST if member.team.expires_at else actions


def allowed(who: Principal, slug: str) -> frozenset[Action]:
    """All that it may in a team, for pages to show no more; nothing for a stranger."""
    found = standing(who, slug)
    return found.actions if found else frozenset()


def access_tokens(who: Principal, slug: str) -> "QuerySet[Token]":
    """Of a team, newest first: all of them, or one's own where the role does not show others'. Not those that webtasks'
    URLs stand for. Raises Absent, Forbidden."""
    team = access_team(who, slug, Action.OWN_TOKEN)
    found = Token.objects.filter(team=team, claims__jtn__isnull=True).select_related("author").defer("code")
    if Action.TOKENS not in allowed(who, slug):
        found = found.filter(author=who.user.pk)
    return found.order_by("-created_at", "-jti")


def access_token(who: Principal, slug: str, jti: str, *, to_revoke: bool = False) -> Token:
    """One's own may always be revoked, another's with that right. Raises Absent, Forbidden."""
    token = access_tokens(who, slug).filter(jti=jti).first()
    if token is None:
        raise Absent(f"The team “{slug}” has no token {jti} that you can see.")
    if to_revoke and token.author != who.user:
        access_team(who, slug, Action.REVOKE)
    return token


def descendants(token: Token) -> int:
    """How many that are in force were issued by it, one from another."""
    young, found, now = [token.jti], 0, time.time()
    while young:
        # By parts: a database takes so many values in one question.
        part, young = young[:_PART], young[_PART:]
        children = Token.objects.filter(parent__in=part, revoked_at=None).values_list("jti", "claims__exp")
        living = [jti for jti, ends in children if ends is None or ends > now]
        found += len(living)
        young += living
    return found


def require_staff(who: Principal) -> None:
    """System is about the nodes, not about a team: no token of a team will do. Raises Forbidden."""
    user = who.user
    if not isinstance(who, Person) or not isinstance(user, User) or not user.is_active or not user.is_staff:
        raise Forbidden("Only the staff of this installation may see its nodes and how they hold.")


def membership(user: User | AnonymousUser, slug: str) -> Member | None:
    """In the team that has the name, or had it."""
    if not isinstance(user, User):
        return None
    if not user.is_active:
        return None
    own = _memberships(user)
    return own.filter(team__slug=slug).first() or own.filter(team__former_names__slug=slug).first()


def memberships(who: Principal) -> list[Member]:
    """Its person's teams, by name, as far as it is good for them; without those whose time is over."""
    if not isinstance(who.user, User):
        return []
    return [member for member in _memberships(who.user) if who.within(member.team)]


def home_of(user: User) -> Member | None:
    """In the first of their teams, by name; a guest has one alone."""
    return _memberships(user).first()


def teams_of(user: User) -> list[Team]:
    """By name, without those whose time is over."""
    return [member.team for member in _memberships(user)]


def members_of(team: Team) -> "QuerySet[Member]":
    """Of a team that access_team returned; owners first, then by address."""
    order = Case(*(When(role=role, then=rank) for rank, role in enumerate(Role)))
    return Member.objects.select_related("user").filter(team=team).order_by(order, "user__email")


def guest_of(slug: str) -> Member | None:
    """Whose the team is, while it is a guest's and its time is not over. For whoever shows that it is theirs."""
    return _lasting(Member.objects.select_related("user")).filter(team__slug=slug, user__email=None).first()


def _memberships(user: User) -> "QuerySet[Member]":
    """A guest's is the team of their day alone, whatever else has them: nobody knows who they are."""
    own = _lasting(Member.objects.all()).filter(user=user).order_by("team__slug")
    return own.exclude(team__expires_at=None) if user.is_guest else own


def _lasting(members: "QuerySet[Member]") -> "QuerySet[Member]":
    lasts = Q(team__expires_at=None) | Q(team__expires_at__gt=timezone.now())
    return members.select_related("team").filter(lasts)
