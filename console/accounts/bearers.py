"""Who presents a credential to the published clients' endpoints, and what they may do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.accounts import tokens
from console.accounts.audit import Actor
from console.accounts.models import Team, Token
from console.accounts.roles import Action
from console.problems import Forbidden


@dataclass(frozen=True, slots=True)
class Bearer:
    """Of a webtask token that stands. One that fixes its code may run that and nothing else."""

    token: Token

    @property
    def claims(self) -> Mapping[str, Any]:
        claims: dict[str, Any] = self.token.claims
        return claims

    @property
    def actor(self) -> Actor:
        return Actor(f"token {self.token.jti}", self.token.author)

    def team(self, slug: str, _action: Action) -> Team:
        """Raises Forbidden: the same for a container that is not there and for one that is not yours."""
        refusal = Forbidden(f"not authorized to perform operation on tenant `{slug}`")
        if self.fixes_code:
            raise Forbidden(f"{refusal.detail}: the token can only run the code that it fixes")
        team = Team.objects.filter(slug=slug).first()
        if team is None:
            raise refusal
        if not tokens.covers(self.claims.get("ten"), slug):
            raise refusal
        return team

    def team_of(self, slug: str, name: str, action: Action) -> Team:
        """The container of the webtask `name`. Raises Forbidden."""
        team = self.team(slug, action)
        names = self.claims.get("jtnm")
        if names is not None and name not in names:
            raise Forbidden(f"not authorized to perform operation on webtask `{name}` of tenant `{slug}`")
        return team

    def may_issue(self, slug: str, name: str | None) -> None:
        """Whether it may issue a token for a container and, with `name`, publish a webtask there. Raises Forbidden."""
        if name is not None:
            self.team_of(slug, name, Action.PUBLISH)
        elif not self.fixes_code:
            self.team(slug, Action.ISSUE)

    def require_admin(self) -> None:
        """Raises Forbidden."""
        if "ten" in self.claims or "jtnm" in self.claims or self.fixes_code:
            raise Forbidden("insufficient permissions to call administrative API")

    @property
    def fixes_code(self) -> bool:
        return "url" in self.claims


def bearer(authorization: str, key: str) -> Bearer:
    """Of the Authorization header, or else of the query parameter `key`. Raises Forbidden in the protocol's words."""
    if authorization:
        scheme, _, presented = authorization.partition(" ")
        if scheme.lower() != "bearer" or not presented.strip():
            raise Forbidden("rejecting request with unexpected Authorization header")
        return Bearer(tokens.known(presented.strip()))
    return Bearer(tokens.known(key))
