"""Browsers that an account is known by: attempts from them are counted apart from everybody else's.

Otherwise whoever knows an address could keep its owner out by wrong passwords (OWASP, “Slow Down Online Guessing
Attacks with Device Cookies”).
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from executor.contract import cookie_name

# Of the prefix that no webtask is handed.
COOKIE = "webtasks_familiar"
SECONDS = 365 * 86_400
_SALT = "console.accounts.familiar"


def remember(response: HttpResponse, email: str) -> None:
    """After a sign-in: this browser is known by that address, and by no other any more."""
    value = signing.dumps([_digest(email), secrets.token_urlsafe(9)], salt=_SALT)
    response.set_cookie(
        cookie_name(COOKIE, secure=settings.SESSION_COOKIE_SECURE),
        value,
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def name_of(request: HttpRequest, email: str) -> str:
    """What to count its attempts by; empty for a browser from which nobody signed in to this account."""
    shown = request.COOKIES.get(cookie_name(COOKIE, secure=settings.SESSION_COOKIE_SECURE), "")
    try:
        known, name = signing.loads(shown, salt=_SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return name if known == _digest(email) else ""


def _digest(email: str) -> str:
    return salted_hmac(_SALT, email.lower()).hexdigest()
