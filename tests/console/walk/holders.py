"""Everybody who has an API token and nothing else: one of each kind there can be."""

import time
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from django.test import Client

from console.accounts.actions import add_member, issue_key, revoke_token
from console.accounts.audit import SYSTEM, Actor
from console.accounts.models import Kind, Member, Team, Token, User
from console.accounts.principals import KeyHolder, Person, Principal
from console.accounts.roles import TABLE, Action, Role
from console.accounts.terms import Terms
from tests.console.people import People
from tests.console.walk.walker import Key, Walker

WIDE = TABLE[Role.OWNER]


def holders(people: People) -> list[Walker]:
    """Mostly of tokens of the owner of acme. Where nothing else is said they are as wide as can be."""
    owner = people.alice.user
    return [*_narrow(owner), *_out_of_force(owner), *_descended(owner), *_of_others(people)]


def scoped(owner: User, scopes: AbstractSet[Action]) -> Walker:
    return _hold(owner, f"token for {', '.join(sorted(scopes))}", Key(frozenset(scopes)))


def _narrow(owner: User) -> Iterator[Walker]:
    yield _hold(owner, "token", Key(WIDE))
    yield _hold(owner, "token for this webtask", Key(WIDE, webtasks=frozenset({"hello"})))
    yield _hold(owner, "token for another webtask", Key(WIDE, webtasks=frozenset({"other"})))
    for method in ("GET", "POST"):
        yield _hold(owner, f"token for {method} alone", Key(WIDE, methods=frozenset({method})))


def _out_of_force(owner: User) -> Iterator[Walker]:
    dead = Key(WIDE, stands=False)
    ended = _hold(owner, "token that has ended", dead)
    row = Token.objects.get(name=ended.name)
    row.claims["exp"] = int(time.time()) - 60
    row.save()
    yield ended
    revoked = _hold(owner, "token that was revoked", dead)
    revoke_token(Token.objects.get(name=revoked.name).jti, actor=SYSTEM)
    yield revoked
    yield Walker("what is no token", _bearing("wtk_nonsense"), key=dead)


def _descended(owner: User) -> Iterator[Walker]:
    narrower = Key(frozenset({Action.VIEW, Action.CODE}))
    yield _child(owner, "token that a token issued", narrower)
    orphan = _child(owner, "token whose issuer was revoked", Key(narrower.scopes, stands=False))
    revoke_token(Token.objects.get(name=f"issuer of the {orphan.name}").jti, actor=SYSTEM)
    yield orphan


def _of_others(people: People) -> Iterator[Walker]:
    yield _hold(people.charlie.user, "token of another team", Key(WIDE, home=False), team="chaos")
    # Good for their own team, though something of acme is shared with them.
    sharer, demoted = User.objects.get(email="with-edit@example.com"), people.stranger("demoted").user
    add_member(Team.objects.get(slug="chaos"), sharer, Role.ADMIN, actor=SYSTEM)
    yield _hold(sharer, "token of a collaborator", Key(TABLE[Role.ADMIN], home=False), team="chaos")
    add_member(people.team, demoted, Role.DEVELOPER, actor=SYSTEM)
    name = "token of a developer who is a viewer now"
    yield _hold(demoted, name, Key(TABLE[Role.DEVELOPER]), role=Role.VIEWER)
    Member.objects.filter(user=demoted).update(role=Role.VIEWER)


def _child(owner: User, name: str, key: Key) -> Walker:
    above = _hold(owner, f"issuer of the {name}", Key(WIDE), depth=1)
    return _hold(owner, name, key, who=KeyHolder(Token.objects.get(name=above.name)))


def _hold(
    author: User, name: str, key: Key, *, team: str = "acme", role: Role = Role.OWNER, depth: int = 0,
    who: Principal | None = None,
) -> Walker:  # fmt: skip
    wanted = Terms(scopes=key.scopes, webtasks=key.webtasks, methods=key.methods, depth=depth)
    where, actor = Team.objects.get(slug=team), Actor(author.handle, author)
    issued = issue_key(who or Person(author), where, name, kind=Kind.API, wanted=wanted, actor=actor)
    return Walker(name, _bearing(issued.secret), role=role, key=key, user=author.pk)


def _bearing(secret: str) -> Client:
    return Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {secret}"})
