"""Who presents a credential to the published clients' endpoints, and what they may do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from console.accounts import logins, tokens
from console.accounts.access import standing
from console.accounts.audit import Actor
from console.accounts.models import Team, Token, User
from console.accounts.names import names_of, team_named
from console.accounts.principals import Person
from console.accounts.roles import Action
from console.accounts.usage import used
from console.problems import Forbidden


class Bearer(Protocol):
    """`token` is None for a person who signed in. `claims` are what a token that it issues follows from."""

    @property
    def token(self) -> Token | None: ...

    @property
    def claims(self) -> Mapping[str, Any]: ...

    @property
    def actor(self) -> Actor: ...

    def team(self, slug: str, action: Action) -> Team:
        """Raises Forbidden: the same for a container that is not there and for one that is not yours."""

    def team_of(self, slug: str, name: str, action: Action) -> Team:
        """The container of the webtask `name`. Raises Forbidden."""

    def may_issue(self, slug: str, name: str | None) -> None:
        """Whether it may issue a token for a container and, with `name`, publish a webtask there. Raises Forbidden."""

    def may_issue_widely(self) -> None:
        """Whether it may issue a token that is no one team's: for several containers, or for all. Raises Forbidden."""

    def require_admin(self) -> None:
        """Raises Forbidden."""


@dataclass(frozen=True, slots=True)
class TokenBearer:
    """Of a webtask token that stands. One that fixes its code may run that and nothing else."""

    token: Token
    address: str = ""

    @property
    def claims(self) -> Mapping[str, Any]:
        claims: dict[str, Any] = self.token.claims
        return claims

    @property
    def actor(self) -> Actor:
        return Actor(f"token {self.token.jti}", self.token.author, self.address, self.token.jti)

    def team(self, slug: str, action: Action) -> Team:
        if self._fixes_code:
            raise Forbidden(f"{_refusal(slug)}: the token can only run the code that it fixes")
        if not tokens.permits(self.token, action):
            raise Forbidden(f"{_refusal(slug)}: the token's scopes lack {action}")
        team = team_named(slug)
        if team is None:
            raise Forbidden(_refusal(slug))
        if not tokens.reaches(self.claims.get("ten"), team):
            raise Forbidden(_refusal(slug))
        return team

    def team_of(self, slug: str, name: str, action: Action) -> Team:
        team = self.team(slug, action)
        names = self.claims.get("jtnm")
        if names is not None and name not in names:
            raise Forbidden(f"not authorized to perform operation on webtask `{name}` of tenant `{slug}`")
        return team

    def may_issue(self, slug: str, name: str | None) -> None:
        if name is not None:
            self.team_of(slug, name, Action.PUBLISH)
        elif not self._fixes_code:
            self.team(slug, Action.ISSUE)

    def may_issue_widely(self) -> None:
        """What it issues is narrowed to what it has itself."""

    def require_admin(self) -> None:
        if "ten" in self.claims or "jtnm" in self.claims or self._fixes_code:
            raise Forbidden(_NOT_ADMIN)

    @property
    def _fixes_code(self) -> bool:
        return "url" in self.claims


@dataclass(frozen=True, slots=True)
class LoginBearer:
    """Of a person who signed in for a client: no more than their role, in the teams that they chose."""

    user: User
    scopes: list[str]
    address: str = ""
    token: None = None

    @property
    def claims(self) -> Mapping[str, Any]:
        return {} if self._is_admin else {"ten": ",".join(logins.teams_of(self.scopes))}

    @property
    def actor(self) -> Actor:
        return Actor(self.user.handle, self.user, self.address)

    def team(self, slug: str, action: Action) -> Team:
        held = standing(Person(self.user), slug)
        if held is None:
            raise Forbidden(_refusal(slug))
        if not any(f"{logins.OWNER}:{name}" in self.scopes for name in names_of(held.team)):
            raise Forbidden(_refusal(slug))
        held.require(action)
        return held.team

    def team_of(self, slug: str, _name: str, action: Action) -> Team:
        return self.team(slug, action)

    def may_issue(self, slug: str, name: str | None) -> None:
        self.team(slug, Action.ISSUE)
        if name is not None:
            self.team(slug, Action.PUBLISH)

    def may_issue_widely(self) -> None:
        raise Forbidden("a person may issue tokens for one of their teams at a time: name it in claim `ten`")

    def require_admin(self) -> None:
        if not self._is_admin:
            raise Forbidden(_NOT_ADMIN)

    @property
    def _is_admin(self) -> bool:
        return logins.ADMIN in self.scopes and self.user.is_staff


def bearer(authorization: str, key: str, *, address: str) -> Bearer:
    """Of the Authorization header, or else of the query parameter `key`. Raises Forbidden in the protocol's words."""
    if not authorization:
        return bearer_of(key, address=address)
    scheme, _, presented = authorization.partition(" ")
    if scheme.lower() != "bearer" or not presented.strip():
        raise Forbidden("rejecting request with unexpected Authorization header")
    return bearer_of(presented.strip(), address=address)


def bearer_of(presented: str, *, address: str = "") -> Bearer:
    """Raises Forbidden in the protocol's words."""
    if logins.is_login(presented):
        user, scopes = logins.known(presented)
        return LoginBearer(user, scopes, address)
    token = tokens.known(presented)
    used(token)
    return TokenBearer(token, address)


def require_method(found: Bearer, method: str | None) -> None:
    """Whether it is for requests of this kind. Raises Forbidden."""
    methods = found.token.methods if found.token else None
    if methods is not None and method not in methods:
        raise Forbidden(f"the token is for {', '.join(methods)} requests alone")


def _refusal(slug: str) -> str:
    return f"not authorized to perform operation on tenant `{slug}`"


_NOT_ADMIN = "insufficient permissions to call administrative API"
