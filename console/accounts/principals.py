"""Who asks. Every check is made on behalf of a principal, against the one table (console.accounts.roles)."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from console.accounts.models import Team, Token, User
from console.accounts.roles import Action

# Anything with a `name`: accounts know no webtasks.
Named = TypeVar("Named", bound=Model)


class Principal(Protocol):
    """`user` is the person whose rights it has; what it may is never more than they may, but for what is its own."""

    @property
    def user(self) -> User | AnonymousUser: ...

    def within(self, team: Team, webtask: str | None = None) -> bool:
        """Whether it is good for `team` at all and, with `webtask`, for the webtask of that name."""

    def among(self, named: QuerySet[Named]) -> QuerySet[Named]:
        """Of a team's webtasks, those that it is good for."""

    def narrow(self, actions: frozenset[Action]) -> frozenset[Action]:
        """What is left to it of what its person may."""

    def own(self, team: Team, webtask: str) -> frozenset[Action]:
        """What it may of itself with the webtask of that name, whatever its person may."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a session, or nobody."""

    user: User | AnonymousUser

    def within(self, team: Team, webtask: str | None = None) -> bool:
        return True

    def among(self, named: QuerySet[Named]) -> QuerySet[Named]:
        return named

    def narrow(self, actions: frozenset[Action]) -> frozenset[Action]:
        return actions

    def own(self, team: Team, webtask: str) -> frozenset[Action]:
        return frozenset()


# Of the team itself, not of one of its webtasks.
_TEAM_WIDE = frozenset(
    action for action in Action if action.split(".")[0] in ("team", "token") or action == Action.CREATE
)


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whoever holds an API token: its author, narrowed to its team, webtasks and scopes."""

    token: Token

    @property
    def user(self) -> User | AnonymousUser:
        return self.token.author or AnonymousUser()

    def within(self, team: Team, webtask: str | None = None) -> bool:
        if team.pk != self.token.team_id:
            return False
        return webtask is None or self.token.webtasks is None or webtask in self.token.webtasks

    def among(self, named: QuerySet[Named]) -> QuerySet[Named]:
        return named if self.token.webtasks is None else named.filter(name__in=self.token.webtasks)

    def narrow(self, actions: frozenset[Action]) -> frozenset[Action]:
        """One for some webtasks alone may do nothing to the team but issue others, which are for those alone too."""
        left = actions & (self.token.terms.scopes or frozenset())
        return left if self.token.webtasks is None else left - (_TEAM_WIDE - {Action.OWN_TOKEN})

    def own(self, team: Team, webtask: str) -> frozenset[Action]:
        return frozenset()
