"""Webtask tokens: JWTs in the form the published clients expect, re-made at will from the claims we keep."""

import hashlib
import hmac
import math
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

import jwt
from django.conf import settings

from console.accounts.access import membership, powers
from console.accounts.models import Kind, Team, Token
from console.accounts.names import names_of, team_named
from console.accounts.roles import Action
from console.problems import Forbidden

LEAVE_SECONDS = 30
CODE_URL = "webtask://localhost/api/data/code/"
# Claims that bound how often: of the container, of the token itself.
CONTAINER_RATES = ("ls", "lm", "lh", "ld", "lw", "lo")
TOKEN_RATES = ("lts", "ltm", "lth", "ltd", "ltw", "lto")


def sign(claims: dict[str, Any]) -> str:
    """The same claims give the same JWT. No `typ` in its header: with it, stock clients speak another dialect."""
    kid, key = next(iter(_keys().items()))
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid, "typ": None})


def verify(presented: str, team: str) -> Token:
    """The token, when it is ours, in force and good for `team`. Raises Forbidden in the protocol's words."""
    token = known(presented)
    team_of(token, team)
    return token


def team_of(token: Token, slug: str) -> Team:
    """The container, when the token is good for it. Raises Forbidden."""
    team = team_named(slug)
    if team is None or not reaches(token.claims.get("ten"), team):
        raise Forbidden(f"not authorized to perform operation on tenant `{slug}`")
    return team


def known(presented: str) -> Token:
    """The token, when it is ours and in force. Raises Forbidden in the protocol's words."""
    claims = decode(presented)
    ancestry = [str(claims.get("jti", "")), *claims.get("ca", [])]
    found = {token.jti: token for token in _rows(ancestry)}
    # A row that is missing went with its team; only a row that is there and stands proves the token valid.
    if any(jti not in found or found[jti].revoked_at for jti in ancestry):
        raise Forbidden("token is revoked")
    _require_authors(found.values())
    return found[ancestry[0]]


def covers(ten: str | None, team: str) -> bool:
    """Claim `ten`: a name, names separated by commas, /a regular expression/, or absent for every container."""
    if ten is None:
        return True
    if len(ten) > 1 and ten.startswith("/") and ten.endswith("/"):
        return re.search(ten[1:-1], team) is not None
    return team in ten.split(",")


def reaches(ten: str | None, team: Team) -> bool:
    """Whether claim `ten` covers the team, by the name that it has or by one that it had: tokens outlive names."""
    return any(covers(ten, name) for name in names_of(team))


def permits(token: Token, action: Action) -> bool:
    return action in allowed(token)


def allowed(token: Token) -> frozenset[Action]:
    """All that it lets its holder do: one that names no scopes, all that the protocol lets tokens do. What descends from an
    API token acts as its author, as that does: it does what they may at this moment."""
    left = frozenset(Action) if token.scopes is None else frozenset(map(Action, token.scopes))
    for above in _rows(token.claims.get("ca", [])):
        if above.kind == Kind.API:
            left &= _authority(above)
    return left


def stands(token: Token) -> None:
    """Raises Forbidden when the token, or one it descends from, is revoked, when it is not its time, or when it descends from
    an API token whose author has left."""
    serves(token)
    _require_authors(_rows(token.claims.get("ca", [])))


def serves(token: Token) -> None:
    """The same for what a webtask's URL stands for: that is the webtask's, which runs on whoever leaves. Raises Forbidden."""
    ancestors = token.claims.get("ca", [])
    living = Token.objects.filter(jti__in=ancestors, revoked_at=None).count() if ancestors else 0
    if token.revoked_at or living != len(ancestors):
        raise Forbidden("token is revoked")
    if token.claims.get("exp", math.inf) <= time.time():
        raise Forbidden("expired JWT token")
    if token.claims.get("nbf", 0) > time.time():
        raise Forbidden("not yet valid JWT token")


def _require_authors(tokens: Iterable[Token]) -> None:
    """Raises Forbidden when one is an API token whose author may nothing any more."""
    if not all(_authority(token) for token in tokens if token.kind == Kind.API):
        raise Forbidden("token is revoked")


def _authority(key: Token) -> frozenset[Action]:
    """What the author of an API token may in its team."""
    member = membership(key.author, key.team.slug) if key.author and key.team else None
    return powers(member) if member else frozenset()


def _rows(jtis: list[str]) -> list[Token]:
    found = Token.objects.select_related("team", "author").defer("code")
    return list(found.filter(jti__in=jtis)) if jtis else []


def code_url(team: str, name: str) -> str:
    """Where code lives that is kept here, as claim `url` of the tokens that run it. Nothing is served there."""
    return CODE_URL + quote(f"{team}/{name}", safe="")


def code_urls(team: Team, name: str) -> Iterator[str]:
    """By each name that the team has or had: claims outlive names. Whoever finds the first one right asks no database."""
    return (code_url(slug, name) for slug in names_of(team))


def fixes(token: Token, team: Team, name: str) -> bool:
    """Whether it is one that runs this webtask's code, and is good for nothing else."""
    url = token.claims.get("url", "")
    return is_kept_here(url) and url in code_urls(team, name)


def name_in(url: str) -> str:
    """What a URL of ours names in its container: a webtask, or the id of the token whose code it is."""
    return unquote(url.removeprefix(CODE_URL)).partition("/")[2]


def code_of(token: Token) -> str:
    """What a token without a webtask's name runs; "" when it fixes no code that is kept with a token."""
    url = token.claims.get("url", "")
    if token.code or not is_kept_here(url):
        return token.code
    holder = Token.objects.filter(jti=name_in(url), team=token.team_id).first()
    return holder.code if holder else ""


def is_kept_here(url: str) -> bool:
    return url.startswith(CODE_URL)


def rates(token: Token) -> dict[str, int]:
    return {name: token.claims[name] for name in CONTAINER_RATES + TOKEN_RATES if name in token.claims}


def seconds_left(token: Token, *, at_most: int) -> int:
    return min(at_most, int(token.claims["exp"] - time.time())) if "exp" in token.claims else at_most


def decode(presented: str, *, timely: bool = True) -> dict[str, Any]:
    """What a JWT of ours says; its row may say that it is revoked. Raises Forbidden."""
    if not presented:
        raise Forbidden("rejecting request without Authorization header or key URL query parameter")
    try:
        key = _keys().get(jwt.get_unverified_header(presented).get("kid", ""))
        if key is None:
            raise Forbidden("rejecting request with JWT token signed with untrusted key")
        options: Any = {} if timely else {"verify_exp": False, "verify_nbf": False}
        claims: dict[str, Any] = jwt.decode(presented, key, algorithms=["HS256"], options=options)
    except jwt.ExpiredSignatureError:
        raise Forbidden("expired JWT token") from None
    except jwt.ImmatureSignatureError:
        raise Forbidden("not yet valid JWT token") from None
    except jwt.InvalidTokenError:
        raise Forbidden("rejecting request with JWT token that fails signature validation") from None
    return claims


def _keys() -> dict[str, bytes]:
    """Key id → key, the signing one first. Derived, so that one secret is kept and none serves two purposes."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hmac.digest(secret.encode(), b"webtasks.token", "sha256") for secret in secrets]
    return {hashlib.sha256(b"kid" + key).hexdigest()[:8]: key for key in keys}
