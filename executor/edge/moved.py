"""Requests for a name that their team had before: whoever only looks is shown to the present one, the rest is served.

Senders of webhooks follow no redirect, nor do WebSockets and browsers' questions before a call from another origin; and
clients take no credential along to another host.
"""

from urllib.parse import quote

from executor.contract import DELIVERY_HEADER, RUN_PREFIX
from executor.edge.request import Request
from executor.router import DOMAIN_FORMAT, HOST_FORMAT, PATH_FORMAT, Target

# All of ASCII that may stand in a request's first line: a percent sign is one already.
_AS_SENT = "".join(map(chr, range(0x21, 0x7F)))
_SERVED = (b"authorization", b"origin", DELIVERY_HEADER.encode())


def is_redirected(request: Request) -> bool:
    return request.method in ("GET", "HEAD") and not any(request.header(name) for name in _SERVED)


def url_now(url: str, target: Target, team: str) -> str:
    """The path and query with the team's present name, where the path has it."""
    if target.url_format == PATH_FORMAT:
        return f"{RUN_PREFIX}{team}{_after(url.removeprefix(RUN_PREFIX))}"
    if target.url_format == DOMAIN_FORMAT:
        return f"/{team}{_after(url[1:])}"
    return url


def location(request: Request, target: Target, team: str) -> str:
    """Where it is now; on another host it names that, and keeps the scheme."""
    url = quote(url_now(request.url, target, team), safe=_AS_SENT, encoding="latin-1")
    if target.url_format != HOST_FORMAT:
        return url
    host, _, port = request.host.lower().partition(":")
    domain = host.removeprefix(f"{target.team}.")
    # Of the header no more is used than is known to be good: nothing in it may become part of another address.
    return f"//{team}.{domain}{f':{port}' if port.isascii() and port.isdigit() else ''}{url}"


def _after(rest: str) -> str:
    """What follows the first part, as it was sent: with its slash, or a query."""
    ends = [at for at in (rest.find("/"), rest.find("?")) if at >= 0]
    return rest[min(ends) :] if ends else ""
