"""What a request to a private webtask shows of its caller, and whether a browser's cookie may speak for the person."""

from collections.abc import Iterator
from urllib.parse import unquote_plus

from executor.contract import PASS_COOKIE, SESSION_COOKIE, cookie_name
from executor.edge.request import Request
from executor.router import Target
from executor.source import Refused
from executor.visitors import Shown

KEY = "key"


def shown(request: Request, target: Target, *, secure: bool) -> Shown | None:
    """A bearer's token goes before one in the URL, and both before a cookie; `secure`: the console is reached over https.
    Raises Refused."""
    token = bearer(request)
    if token is not None:
        return Shown("bearer", token)
    for part in request.query.split("&"):
        name, _, value = part.partition("=")
        if name == KEY and value:
            return Shown("key", unquote_plus(value))
    if not may_speak(request):
        return None
    kind = "session" if target.on_console_host else "pass"
    wanted = cookie_name(SESSION_COOKIE, secure=secure) if target.on_console_host else PASS_COOKIE
    word = next((word for name, word in cookies(request) if name == wanted and word), None)
    return Shown(kind, word) if word else None


def bearer(request: Request) -> str | None:
    """The token in the Authorization header. Raises Refused."""
    header = request.header(b"authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(403, "rejecting request with unexpected Authorization header")
    return token.strip()


def may_speak(request: Request) -> bool:
    """Browsers send cookies with what other pages make them ask: only our own pages may, and people who open the page.

    A GET that somebody's link leads to counts as opened, as on any web site. A WebSocket's Origin says whose page it is.
    """
    site = request.header(b"sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none") or navigates(request)
    origin = request.header(b"origin")
    if origin is not None:
        return origin.partition("://")[2].lower() == request.host.lower()
    return request.method in ("GET", "HEAD") and request.header(b"upgrade") is None


def navigates(request: Request) -> bool:
    """Whether a person is opening a page, in a tab of its own."""
    if request.method not in ("GET", "HEAD"):
        return False
    mode = request.header(b"sec-fetch-mode")
    if mode is not None:
        return mode == "navigate" and request.header(b"sec-fetch-dest") == "document"
    return "text/html" in (request.header(b"accept") or "")


def cookies(request: Request) -> Iterator[tuple[str, str]]:
    """Names and values, as they came."""
    for header, text in request.headers:
        if header.lower() == b"cookie":
            for part in text.decode("latin-1").split(";"):
                name, _, value = part.strip().partition("=")
                yield name, value


def without_key(url: str) -> str:
    """The token was for us, not for the webtask's code."""
    path, _, query = url.partition("?")
    kept = [part for part in query.split("&") if part.partition("=")[0] != KEY]
    return f"{path}?{'&'.join(kept)}" if kept else path
