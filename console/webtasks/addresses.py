"""The two URLs of a webtask."""

from urllib.parse import urlsplit

from django.conf import settings

from executor.contract import RUN_PREFIX


def team_origin(team: str) -> str:
    """The team's own host, where its webtasks cannot touch the console's cookies."""
    console = urlsplit(settings.CONSOLE_ORIGIN)
    port = f":{console.port}" if console.port else ""
    return f"{console.scheme}://{team}.{settings.DOMAIN}{port}"


def share_url(team: str, name: str) -> str:
    return f"{team_origin(team)}/{name}"


def run_url(team: str, name: str) -> str:
    """The path form on the console's host, which the published clients use."""
    return f"{settings.CONSOLE_ORIGIN}{RUN_PREFIX}{team}/{name}"
