"""Stops the boot when a setting is wrong: every mistake at once, each with its id and what to do."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution

from console import env

# Of sockaddr_un, with its closing NUL.
MAX_SOCKET_PATH = 107


@register()
def check_environment(**_: Any) -> list[CheckMessage]:
    return [Error(finding.text, hint=finding.hint, id=finding.code) for finding in env.findings]


@register()
def check_socket_path(**_: Any) -> list[CheckMessage]:
    path = str(settings.CONSOLE_SOCKET)
    if len(path.encode()) <= MAX_SOCKET_PATH:
        return []
    text = f"{path} is longer than a unix socket's path may be ({MAX_SOCKET_PATH} bytes)"
    return [Error(text, hint="Set WEBTASKS_DATA to a shorter path.", id="webtasks.E011")]


@register()
def check_hosts(**_: Any) -> list[CheckMessage]:
    """Host names isolate: webtasks on a name below which the console's cookies live could plant some of their own."""
    console, domain = settings.CONSOLE_HOST, settings.DOMAIN
    if console.endswith(f".{domain}"):
        text = f"WEBTASKS_CONSOLE_HOST={console} is itself below WEBTASKS_DOMAIN={domain}: it looks like a team's host"
        return [Error(text, hint="Serve webtasks under a domain of their own.", id="webtasks.E012")]
    # As for a webtask's own domain (console.webtasks.steps). No error: many have one domain, and over https the names of
    # the console's cookies keep others from setting them.
    parent = console.partition(".")[2] if console.count(".") > 1 else console
    if domain != "localhost" and f".{domain}".endswith(f".{parent}"):
        text = f"webtasks under {domain} share the domain {parent} with the console at {console}: their pages can set cookies for it"
        hint = "Serve webtasks under a domain of their own, or at least the console over https."
        return [Caution(text, hint=hint, id="webtasks.W001")]
    return []
