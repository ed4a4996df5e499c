"""The URLs of a webtask, and of what a token stands for."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings

from console.accounts import tokens
from console.accounts.claims import literals
from console.accounts.models import Token
from executor.contract import ENTRANCE, RUN_PREFIX


def team_origin(team: str) -> str:
    """The team's own host, where its webtasks cannot touch the console's cookies."""
    return _origin(f"{team}.{settings.DOMAIN}")


def share_url(team: str, name: str) -> str:
    return f"{team_origin(team)}/{name}"


def run_url(team: str, name: str) -> str:
    """The path form on the console's host, which the published clients use."""
    return f"{settings.CONSOLE_ORIGIN}{RUN_PREFIX}{team}/{name}"


def enter_url(team: str, name: str) -> str:
    """Where a browser comes from the URL of what is private, to be let in (console.web.enter)."""
    return f"{settings.CONSOLE_ORIGIN}/enter/{team}/{name}"


def entrance_url(team: str, name: str, host: str = "") -> str:
    """Where it goes back to, with a ticket: on the team's host or, with a custom domain, there."""
    if host:
        return f"{_origin(host)}/{ENTRANCE}/{team}/{name}"
    return f"{team_origin(team)}/{ENTRANCE}/{name}"


def named_url(team: str, name: str, host: str = "") -> str:
    """With a custom domain, there."""
    if not host:
        return run_url(team, name)
    return f"{_origin(host)}/{team}/{name}"


def token_url(token: Token) -> str | None:
    """None for a token that fixes neither one container nor code."""
    claims = token.claims
    teams = literals(claims.get("ten"))
    if len(teams) != 1 or "url" not in claims:
        return None
    # As it is named now, whatever it was named when the token was issued.
    team = token.team.slug if token.team else teams[0]
    if "jtn" in claims:
        return named_url(team, claims["jtn"], claims.get("host", ""))
    return f"{settings.CONSOLE_ORIGIN}{RUN_PREFIX}{team}?{urlencode({'key': tokens.sign(claims)})}"


def _origin(host: str) -> str:
    console = urlsplit(settings.CONSOLE_ORIGIN)
    port = f":{console.port}" if console.port else ""
    return f"{console.scheme}://{host}{port}"
