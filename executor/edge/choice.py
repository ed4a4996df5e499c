"""Which kind of exchange answers a request."""

from typing import TYPE_CHECKING

from executor.edge.adhoc import AdHocRun
from executor.edge.deferred import DeferredRun, is_asked_for
from executor.edge.entering import Entering
from executor.edge.exchange import Connection, Exchange
from executor.edge.named import NamedRun
from executor.edge.preflight import Preflight, is_preflight
from executor.edge.preview import Preview
from executor.edge.refusal import Refusal
from executor.edge.relay import Relay
from executor.edge.request import Request
from executor.edge.run import Run
from executor.edge.upgrade import UpgradeRun
from executor.router import Target, Unroutable, locate

if TYPE_CHECKING:
    from executor.app import App

MAX_URL_BYTES = 16 * 1024


def choose(connection: Connection, request: Request, app: "App", *, offers: bool) -> Exchange | None:
    """None for a WebSocket of the console's. `offers`: the request would switch to another protocol."""
    if len(request.url) > MAX_URL_BYTES:
        return Refusal(connection, request, 414, f"The URL is longer than {MAX_URL_BYTES} bytes.")
    if not request.url.startswith("/"):
        text = "The request target must be a path, like /api/run/TEAM/WEBTASK."
        return Refusal(connection, request, 400, text)
    config = app.config
    try:
        target = locate(request.host, request.path, domain=config.domain, console=config.console_host)
    except Unroutable as error:
        return Refusal(connection, request, 404, str(error))
    if target is not None:
        return _run(connection, request, app, target, offers=offers)
    if offers and _wants_websocket(request):
        return None
    return Relay(connection, request, app.upstream)


def _run(connection: Connection, request: Request, app: "App", target: Target, *, offers: bool) -> Exchange:
    if target.preview:
        return Preview(connection, request, app.config.console_host)
    if target.entrance:
        return Entering(connection, request, app.services, target)
    if target.webtask is not None:
        # A draft may be gone by the time: whoever asks waits for it.
        later = is_asked_for(request) and not target.draft
        kind: type[Run] = DeferredRun if later else NamedRun
        # A request with a body is the plain one it also is.
        if offers and request.http == "1.1" and not request.has_body:
            kind = UpgradeRun
        return kind(connection, request, app.services, target)
    if offers and _wants_websocket(request):
        text = "Ad-hoc code takes no WebSocket: publish a webtask for it."
        return Refusal(connection, request, 501, text)
    if is_preflight(request):
        return Preflight(connection, request)
    return AdHocRun(connection, request, app.services, target)


def _wants_websocket(request: Request) -> bool:
    headers = request.headers
    return any(name.lower() == b"upgrade" and value.lower() == b"websocket" for name, value in headers)
