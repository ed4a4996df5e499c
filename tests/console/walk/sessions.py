"""Everybody who signed in to the editor with a webtask token, and what the table says they may with that one webtask."""

import time
from collections.abc import Iterator
from typing import Any

from django.test import Client

from console.accounts import tokens
from console.accounts.actions import issue_token, revoke_token
from console.accounts.audit import SYSTEM
from console.accounts.models import Team, Token, User
from console.accounts.roles import BY_TOKEN, RIGHTS, Action, Right
from console.accounts.tokens import code_url
from tests.console.people import People
from tests.console.walk.walker import Key, Walker


def sessions(people: People) -> list[Walker]:
    """Each opened acme/hello."""
    return [*_wide(people.team), *_narrow(people.team), *_out_of_force(people.team)]


def opened(token: Token, name: str = "hello", team: str = "acme") -> Client:
    client = Client()
    sent = client.post(f"/edit/{team}", {"name": name, "token": tokens.sign(token.claims)})
    assert sent.status_code == 200, sent.content
    return client


def _wide(team: Team) -> Iterator[Walker]:
    yield _session(team, "session by a token", BY_TOKEN)
    yield _session(team, "session by a token for this webtask", BY_TOKEN, claims={"jtnm": ["hello", "other"]})
    yield _session(None, "session by a token of several containers", BY_TOKEN, claims={"ten": "chaos,acme"})
    yield _session(None, "session by an administrative token", BY_TOKEN)


def _narrow(team: Team) -> Iterator[Walker]:
    runs = RIGHTS[Right.RUN]
    yield _session(team, "session by a token for running", runs, scopes=[Action.RUN])
    reads = frozenset({Action.VIEW, Action.CODE})
    yield _session(team, "session by a token for code", reads, scopes=[Action.CODE])
    fixed = {"url": code_url("acme", "hello"), "jtn": "hello"}
    yield _session(team, "session by the token of its URL", runs, claims=fixed)
    wide = [Action.VIEW, Action.DELETE, Action.GUARD, Action.SHARE, Action.ISSUE, Action.DISBAND]
    yield _session(team, "session by a token for what no session may", frozenset({Action.VIEW}), scopes=wide)
    yield _session(team, "session by a token for GET alone", BY_TOKEN, methods=["GET"])


def _out_of_force(team: Team) -> Iterator[Walker]:
    revoked = issue_token(team, "revoked", actor=SYSTEM)
    yield Walker("session by a token that was revoked", opened(revoked))
    revoke_token(revoked.jti, actor=SYSTEM)
    ended = issue_token(team, "ended", actor=SYSTEM, exp=int(time.time()) + 600)
    yield Walker("session by a token that has ended", opened(ended))
    Token.objects.filter(pk=ended.pk).update(claims={**ended.claims, "exp": int(time.time()) - 1})
    above = issue_token(team, "above", actor=SYSTEM)
    below = issue_token(team, "below", actor=SYSTEM, parent=above, ca=[above.jti])
    yield Walker("session by a token whose issuer was revoked", opened(below))
    revoke_token(above.jti, actor=SYSTEM)


def _session(
    team: Team | None, name: str, held: frozenset[Action], *, claims: dict[str, Any] | None = None, **columns: Any
) -> Walker:  # fmt: skip
    token = issue_token(team, name, actor=SYSTEM, **(claims or {}))
    Token.objects.filter(pk=token.pk).update(**columns)
    client = opened(token)
    methods = frozenset(columns["methods"]) if "methods" in columns else None
    holder = User.objects.get(holds=token)
    return Walker(name, client, key=Key(held, methods=methods), held=held, user=holder.pk)
