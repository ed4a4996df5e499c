"""Browsers' leave to run code by token from any page: the token is what lets them in, and no cookie ever does."""

from executor.edge.exchange import Connection
from executor.edge.headers import Fields
from executor.edge.refusal import Refusal
from executor.edge.request import Request

_MAX_AGE = "86400"
EXPOSED = "x-auth0-proxy-stats, x-auth0-stats, x-wt-response-source, location"


def is_preflight(request: Request) -> bool:
    """The question that a browser asks before the request itself: without a credential, so no run could answer it."""
    return request.method == "OPTIONS" and request.header(b"access-control-request-method") is not None


class Preflight(Refusal):
    def __init__(self, connection: Connection, request: Request) -> None:
        super().__init__(connection, request, 204, "")

    def start(self) -> None:
        asked = self.request.header(b"access-control-request-headers") or "authorization"
        fields = (
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
            ("access-control-allow-headers", asked),
            ("access-control-max-age", _MAX_AGE),
        )
        self.send_head(204, "", Fields.of(fields), own=self.connection.dated())
        self.finish()


def opening(request: Request, fields: Fields) -> str:
    """Header lines that let a page of another origin read the answer, unless the code has said who may."""
    if request.header(b"origin") is None or "access-control-allow-origin" in fields.lines.lower():
        return ""
    return f"access-control-allow-origin: *\r\naccess-control-expose-headers: {EXPOSED}\r\n"
