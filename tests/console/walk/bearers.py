"""Everybody who shows a credential to the endpoints of the published clients, and what the table says they may there."""

import time
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from oauth2_provider.models import AccessToken

from console.accounts import logins, tokens
from console.accounts.actions import appoint_staff, issue_token, revoke_token
from console.accounts.audit import SYSTEM
from console.accounts.models import Team, Token, User
from console.accounts.needs import Beyond
from console.accounts.roles import TABLE, Action, Role
from tests.console.people import People, Person
from tests.console.walk.walk import Row

IN, REFUSED = "in", "refused"


@dataclass(frozen=True)
class Bearer:
    """`actions` are those that its scopes or its person's role let it do in acme; `names` are the webtasks it is for."""

    name: str
    shown: str
    actions: frozenset[Action] = frozenset()
    names: frozenset[str] | None = None
    methods: frozenset[str] | None = None
    jti: str = ""
    fixes_code: bool = False
    administers: bool = False
    stands: bool = True

    def __str__(self) -> str:
        return self.name


def expected(bearer: Bearer, row: Row) -> str:
    """By the table alone. What a token is for does not bound what it may ask of the container."""
    if row.what == Beyond.ANYONE:
        return IN
    if not bearer.stands or (bearer.methods is not None and row.method.upper() not in bearer.methods):
        return REFUSED
    if isinstance(row.what, Beyond):
        return _beyond(bearer, row)
    if bearer.fixes_code and row.what == Action.ISSUE and row.webtask is None:
        return IN  # what it issues fixes the same code
    out_of_sight = row.webtask and bearer.names is not None and row.webtask not in bearer.names
    if bearer.fixes_code or out_of_sight:
        return REFUSED
    return IN if {action for action, _ in row.steps} <= bearer.actions else REFUSED


def _beyond(bearer: Bearer, row: Row) -> str:
    """A person's own token is none of these, and one that fixes its code tells nothing and has nothing installed."""
    if row.what == Beyond.ADMINISTRATOR:
        return IN if bearer.administers else REFUSED
    itself = "{" in row.path
    tells = "inspect" in row.path or not itself
    return REFUSED if (itself and not bearer.jti) or (tells and bearer.fixes_code) else IN


def bearers(people: People) -> list[Bearer]:
    return [*_tokens(people), *_out_of_force(people), *_logins(people), *_nobodies(people)]


def scoped(team: Team, scopes: AbstractSet[Action]) -> Bearer:
    name = f"token for {', '.join(sorted(scopes))}"
    return _token(name, team, actions=frozenset(scopes), scopes=sorted(scopes))


def _tokens(people: People) -> Iterator[Bearer]:
    team, every = people.team, frozenset(Action)
    yield _token("token", team, actions=every)
    for name in ("hello", "other"):
        yield _token(f"token for {name}", team, {"jtnm": [name]}, actions=every, names=frozenset({name}))
    for method in ("GET", "POST"):
        yield _token(f"token for {method} alone", team, actions=every, methods=frozenset({method}))
    yield _token("token of two containers", None, {"ten": "chaos,acme"}, actions=every)
    yield _token("token of containers like it", None, {"ten": "/^ac/"}, actions=every)
    yield _token("token of another container", Team.objects.get(slug="chaos"))
    yield _token("token that fixes its code", team, {"url": "https://example.com/x.js"}, fixes_code=True)
    yield _token("administrative token", None, actions=every, administers=True)


def _out_of_force(people: People) -> Iterator[Bearer]:
    revoked = _token("token that was revoked", people.team, stands=False)
    revoke_token(revoked.jti, actor=SYSTEM)
    yield revoked
    yield _token("token that has ended", people.team, {"exp": int(time.time()) - 60}, stands=False)
    yield _token("token whose time has not come", people.team, {"nbf": int(time.time()) + 600}, stands=False)
    above = _token("issuer", people.team)
    yield _token("token whose issuer was revoked", people.team, {"ca": [above.jti]}, stands=False)
    revoke_token(above.jti, actor=SYSTEM)


def _logins(people: People) -> Iterator[Bearer]:
    acme = "openid wt:owner:acme"
    for role in Role:
        yield _login(f"sign-in of a team's {role}", people.bob(role), acme, actions=TABLE[role])
    yield _login("sign-in without the team", people.alice, "openid")
    yield _login("sign-in of a stranger who says it is their team", people.charlie, acme)
    yield _login("sign-in of a collaborator", Person(User.objects.get(email="with-edit@example.com")), acme)
    yield _login("sign-in that has ended", people.alice, acme, stands=False, seconds=-60)
    staff, off = people.stranger("staff-login"), people.stranger("off-login")
    appoint_staff(staff.user, staff=True, actor=SYSTEM)
    yield _login("sign-in of staff", staff, "openid wt:admin", administers=True)
    yield _login("sign-in of staff who did not grant it", staff, "openid")
    yield _login("sign-in of no staff", people.alice, "openid wt:admin")
    yield _login("sign-in of somebody who is switched off", off, acme, stands=False)
    User.objects.filter(pk=off.user.pk).update(is_active=False)


def _nobodies(people: People) -> Iterator[Bearer]:
    yield Bearer("nobody", "", stands=False)
    yield Bearer("an API token", "wtk_" + "a" * 49, stands=False)
    yield Bearer("what is no token", "x.y.z", stands=False)


def _token(name: str, team: Team | None, claims: dict[str, Any] | None = None, *, scopes: list[str] | None = None, **more: Any) -> Bearer:  # fmt: skip
    token = issue_token(team, name, actor=SYSTEM, **(claims or {}))
    methods = sorted(more["methods"]) if "methods" in more else None
    Token.objects.filter(pk=token.pk).update(scopes=scopes, methods=methods)
    return Bearer(name, tokens.sign(token.claims), jti=token.jti, **more)


def _login(name: str, person: Person, scopes: str, *, seconds: int = 600, **more: Any) -> Bearer:
    shown = logins.access_token(SimpleNamespace(user=person.user, scopes=scopes.split()))
    ends = timezone.now() + timedelta(seconds=seconds)
    AccessToken.objects.create(user=person.user, token=shown, scope=scopes, expires=ends)
    return Bearer(name, shown, **more)
