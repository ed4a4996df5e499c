from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from console.accounts import keys
from console.accounts.models import Token, User


class Key(BaseAuthentication):
    """An API token, `Authorization: Bearer wtk_…`. It needs no cookie, and so no CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Raises Unknown, PermissionDenied."""
        scheme, _, presented = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = keys.known(presented.strip())
        _check_method(token, request)
        assert token.author is not None  # keys.known says so
        return token.author, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class Session(SessionAuthentication):
    """The console's session cookie, with CSRF enforced. Nobody signed in is 401, not DRF's 403."""

    def authenticate(self, request: Request) -> tuple[User, Token | None] | None:
        """With the token that somebody signed in with. Raises PermissionDenied."""
        found: tuple[User, None] | None = super().authenticate(request)
        user = found[0] if found else None
        if user is None or user.holds is None:
            return found
        _check_method(user.holds, request)
        return user, user.holds

    def authenticate_header(self, request: Request) -> str:
        return "Session"


def _check_method(token: Token, request: Request) -> None:
    if token.methods is not None and request.method not in token.methods:
        raise PermissionDenied(f"This token is for {', '.join(token.methods)} requests alone.")


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the schema of it; being defined is being registered."""

    target_class = Key
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "wtk_"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = Session
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
