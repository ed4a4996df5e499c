"""Who is behind a browser's websocket, asked anew each time something is to be shown."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Self

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from console.accounts import holders, keys
from console.accounts.holders import TokenHolder
from console.accounts.models import User
from console.accounts.principals import KeyHolder, Principal


def _session_key(headers: list[tuple[bytes, bytes]]) -> str:
    cookies: SimpleCookie = SimpleCookie()
    for name, value in headers:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                continue  # another cookie of this host is malformed; ours may be in the next header
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a connection showed when it was opened: a session's key, or an API token."""

    session: str
    token: str = ""

    @classmethod
    def of(cls, headers: list[tuple[bytes, bytes]]) -> Self:
        """A token goes before a session, as in the API; whoever shows one has no session here."""
        shown = [value.decode("latin-1") for name, value in headers if name == b"authorization"]
        scheme, _, token = shown[0].partition(" ") if shown else ("", "", "")
        if shown:
            return cls("", token.strip() if scheme.lower() == "bearer" else "none")
        return cls(_session_key(headers))

    def now(self) -> Principal | None:
        """Who that is at this moment: a sign-out, a new password, a revocation ends it."""
        if self.token:
            try:
                token = keys.known(self.token)
            except keys.Unknown:
                return None
            return _getting(KeyHolder(token))
        return _of_session(self.session)


def _of_session(key: str) -> Principal | None:
    engine: Any = import_module(settings.SESSION_ENGINE)
    request = HttpRequest()
    request.session = engine.SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active:
        return None
    return _getting(holders.principal_of(user, request.session))


def _getting(who: Principal) -> Principal | None:
    """To open a websocket, or a webtask in a browser, is to ask with GET."""
    methods = who.token.methods if isinstance(who, KeyHolder | TokenHolder) else None
    return who if methods is None or "GET" in methods else None
