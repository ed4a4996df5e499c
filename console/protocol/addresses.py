"""The URL at which what a token stands for can be called."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings

from console.accounts import tokens
from console.accounts.claims import literals
from console.accounts.models import Token
from console.webtasks.addresses import run_url
from executor.contract import RUN_PREFIX


def named_url(team: str, name: str, host: str = "") -> str:
    """With a custom domain, there."""
    if not host:
        return run_url(team, name)
    console = urlsplit(settings.CONSOLE_ORIGIN)
    port = f":{console.port}" if console.port else ""
    return f"{console.scheme}://{host}{port}/{team}/{name}"


def token_url(token: Token) -> str | None:
    """None for a token that fixes neither one container nor code."""
    claims = token.claims
    teams = literals(claims.get("ten"))
    if len(teams) != 1 or "url" not in claims:
        return None
    if "jtn" in claims:
        return named_url(teams[0], claims["jtn"], claims.get("host", ""))
    return f"{settings.CONSOLE_ORIGIN}{RUN_PREFIX}{teams[0]}?{urlencode({'key': tokens.sign(claims)})}"
