"""Access tokens of people who signed in for a client (docs/adr/0013-people-sign-in-for-the-clients.md).

Made and kept by the OAuth library; here is what they look like, what they may be asked for, and what they give.
"""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from console.accounts import access
from console.accounts.models import User
from console.problems import Forbidden
from executor.contract import TEAM_PATTERN

CLIENT_ID = "wt-cli"
OWNER = "wt:owner"
ADMIN = "wt:admin"
_IDENTITY = ("openid", "offline_access")
_SCOPE = re.compile(rf"openid|offline_access|wt:admin|wt:owner(?::{TEAM_PATTERN})?")


@dataclass(frozen=True, slots=True)
class Login:
    """Of a client, which renews it each hour that it is used; `number` is of what it does that with."""

    number: int
    client: str
    teams: list[str]
    since: datetime
    renewed_at: datetime


def logins_of(user: User) -> list[Login]:
    """Newest first."""
    rows = get_refresh_token_model().objects.select_related("application", "access_token")
    found = rows.filter(user=user, revoked=None, access_token__isnull=False).order_by("-created", "-pk")
    return [
        Login(
            number=row.pk,
            client=row.application.name,
            teams=teams_of(row.access_token.scope.split()),
            since=row.created,
            renewed_at=row.access_token.created,
        )
        for row in found
    ]


def name_of(user: User) -> str:
    """By which executors remember what their clients may run."""
    return f"login:{user.handle}"


def is_scope(text: str) -> bool:
    return _SCOPE.fullmatch(text) is not None


def granted(user: User, asked: Sequence[str]) -> list[str]:
    """Of the scopes asked for, those that are the person's to give; all their teams when none is named.

    A team may be asked for by a name that it had: clients keep it.
    """
    own = [team.slug for team in access.teams_of(user)]
    named = teams_of(asked)
    scopes = [scope for scope in asked if scope in _IDENTITY]
    scopes += [f"{OWNER}:{slug}" for slug in (named or own) if access.membership(user, slug)]
    if ADMIN in asked and user.is_staff:
        scopes.append(ADMIN)
    return scopes


def teams_of(scopes: Sequence[str]) -> list[str]:
    return [scope.removeprefix(f"{OWNER}:") for scope in scopes if scope.startswith(f"{OWNER}:")]


def access_token(request: Any, refresh_token: bool = False) -> str:
    """Its header has a type, by which the published clients know it from a webtask token."""
    now = int(time.time())
    claims = {
        "iss": settings.CONSOLE_ORIGIN,
        "aud": settings.CONSOLE_ORIGIN,
        "sub": str(request.user.pk),
        "scope": " ".join(request.scopes),
        "iat": now,
        "exp": now + settings.LOGIN_SECONDS,
        "jti": secrets.token_hex(16),
    }
    kid, key = next(_keys())
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid, "typ": "JWT"})


def is_login(presented: str) -> bool:
    """Whether it says of itself that it is one."""
    try:
        return str(jwt.get_unverified_header(presented).get("typ", "")).lower() == "jwt"
    except jwt.InvalidTokenError:
        return False


def known(presented: str) -> tuple[User, list[str]]:
    """Whose it is, and its scopes. Raises Forbidden in the protocol's words."""
    _decode(presented)
    digest = hashlib.sha256(presented.encode()).hexdigest()
    rows = get_access_token_model().objects.select_related("user")
    row = rows.filter(token_checksum=digest, expires__gt=timezone.now()).first()
    if row is None or not isinstance(row.user, User) or not row.user.is_active:
        raise Forbidden("token is revoked")
    return row.user, row.scope.split()


def _decode(presented: str) -> None:
    try:
        kid = jwt.get_unverified_header(presented).get("kid")
        key = dict(_keys()).get(str(kid))
        if key is None:
            raise Forbidden("rejecting request with JWT token signed with untrusted key")
        jwt.decode(presented, key, algorithms=["HS256"], audience=settings.CONSOLE_ORIGIN)
    except jwt.ExpiredSignatureError:
        raise Forbidden("expired JWT token") from None
    except jwt.InvalidTokenError:
        raise Forbidden("rejecting request with JWT token that fails signature validation") from None


def _keys() -> Iterator[tuple[str, bytes]]:
    """Key id and key, the signing one first. Derived, so that none serves two purposes."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key = hmac.digest(secret.encode(), b"webtasks.login", "sha256")
        yield hashlib.sha256(b"kid" + key).hexdigest()[:8], key
