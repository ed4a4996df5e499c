"""Who signed in to the editor with a webtask token: no person, and good for one webtask as far as the token is.

Behind the session is a row of `User` without address, one for each token: whose drafts, sessions and websockets need a
user has one that is nobody else's (docs/adr/0024-a-token-signs-in-for-one-webtask.md). What it may is asked of the token anew
each time.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet

from console.accounts import tokens
from console.accounts.audit import Actor, record
from console.accounts.models import Team, Token, User
from console.accounts.principals import Named, Person, Principal
from console.accounts.roles import BY_TOKEN, GUEST, Action, Right, shared
from console.accounts.usage import used
from console.problems import Forbidden

# Of a session; one whose token ends sooner ends with it.
LIFE = timedelta(hours=24)
BACKEND = "console.accounts.holders.StandingTokens"
# In a session: the webtasks that it was opened for, as [team, name]. By number: a team's name may change.
_OPENED = "webtasks.opened"


class StandingTokens(BaseBackend):
    """Django asks it who a session's user is, for pages, API and websockets alike: nobody, once the token is over."""

    def get_user(self, user_id: int) -> User | None:
        found = User.objects.select_related("holds__team", "holds__author")
        holder = found.filter(pk=user_id, holds__isnull=False, is_active=True).first()
        try:
            if holder and holder.holds:
                tokens.stands(holder.holds)
                used(holder.holds)
                return holder
        except Forbidden:
            pass
        return None


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """`opened` are the webtasks that its session is for, as team and name."""

    user: User | AnonymousUser
    token: Token
    opened: frozenset[tuple[int, str]]

    def within(self, team: Team, webtask: str | None = None) -> bool:
        """Of the team as such it sees nothing."""
        return webtask is not None and (team.pk, webtask) in self.opened

    def among(self, named: QuerySet[Named]) -> QuerySet[Named]:
        return named.none()

    def narrow(self, _actions: frozenset[Action]) -> frozenset[Action]:
        """Its person is nobody, who may nothing."""
        return frozenset()

    def own(self, team: Team, webtask: str) -> frozenset[Action]:
        return reach(self.token, team, webtask) if self.within(team, webtask) else frozenset()


def reach(token: Token, team: Team, webtask: str) -> frozenset[Action]:
    """What a token may with one webtask, by the table: no more than the published clients' endpoints let it."""
    claims = token.claims
    if team.is_over or not tokens.reaches(claims.get("ten"), team):
        return frozenset()
    if "url" in claims:
        # It fixes its code, and is good for nothing but to run that.
        own = tokens.fixes(token, team, webtask)
        held = shared([Right.RUN]) if own and tokens.permits(token, Action.RUN) else frozenset[Action]()
    elif webtask in claims.get("jtnm", [webtask]):
        held = BY_TOKEN & tokens.allowed(token)
        held |= {Action.VIEW} if held else frozenset()
    else:
        held = frozenset()
    return held & GUEST if team.expires_at else held


def admit(token: Token, team: Team, webtask: str, *, address: str) -> User:
    """Whom to sign in for it. It was found in force, and to reach that far."""
    with transaction.atomic():
        # By turns: one token has one holder.
        Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
        holder = User.objects.filter(holds=token).first()
        if holder is None:
            holder = User(holds=token)
            holder.set_unusable_password()
            holder.save()
        record(actor_of(token, address), "token.open", team, f"{team.slug}/{webtask}")
    return holder


def actor_of(token: Token, address: str) -> Actor:
    """As when the token is shown to an endpoint: it stands for itself, on behalf of whoever issued it."""
    return Actor(f"token {token.jti}", token.author, address, token.jti)


def open_for(session: Any, team: Team, webtask: str) -> None:
    """Another webtask of the same token leaves the one before open."""
    opened = [tuple(one) for one in session.get(_OPENED, [])]
    session[_OPENED] = list({*opened, (team.pk, webtask)})


def opened_by(session: Any) -> list[tuple[int, str]]:
    return [(int(team), str(name)) for team, name in session.get(_OPENED, [])]


def seconds_of(token: Token) -> int:
    """How long a session by it is good for."""
    return max(tokens.seconds_left(token, at_most=int(LIFE.total_seconds())), 1)


def principal_of(user: User, session: Any) -> Principal:
    """Who is behind a session."""
    return TokenHolder(user, user.holds, frozenset(opened_by(session))) if user.holds else Person(user)
