"""Who is behind a browser's websocket, asked anew each time something is to be shown."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from console.accounts.models import User


def session_key(headers: list[tuple[bytes, bytes]]) -> str:
    cookies: SimpleCookie = SimpleCookie()
    for name, value in headers:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                continue  # another cookie of this host is malformed; ours may be in the next header
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def viewer(key: str) -> User | None:
    """The person signed in with this session now: a sign-out or a new password ends it."""
    engine: Any = import_module(settings.SESSION_ENGINE)
    request = HttpRequest()
    request.session = engine.SessionStore(key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active else None
