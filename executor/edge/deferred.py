"""A request whose caller does not wait: the console keeps it and has it run, we answer 202 (RFC 7240 section 4.1)."""

import asyncio
import base64
import json
import logging
from collections.abc import Iterable
from typing import Any

from executor.admission import TooMany
from executor.contract import GRANT_HEADER, MAX_DELIVERY, Deployment
from executor.edge.credentials import without_key
from executor.edge.exchange import Connection
from executor.edge.headers import HOP_BY_HOP, Fields, guest_headers
from executor.edge.request import Request
from executor.edge.run import Run
from executor.edge.services import Services
from executor.rates import TooFast
from executor.router import Target
from executor.source import Refused, Unreachable

log = logging.getLogger("executor.edge")

PREFERENCE = "respond-async"
PARAMETER = "webtask_async"
# A browser's question before a call, and a look at the head, are for the webtask itself.
_NOT = ("HEAD", "OPTIONS", "CONNECT", "TRACE")
# What a slow client may take for its body, at most; the webtask's own wall time holds as well.
BODY_SECONDS = 30.0
_DROPPED = HOP_BY_HOP | {"content-length", "expect", "host", "prefer"}


def is_asked_for(request: Request) -> bool:
    prefer = request.header(b"prefer")
    if prefer is None and PARAMETER not in request.url:
        return False
    if request.method in _NOT or request.header(GRANT_HEADER.encode()) is not None:
        return False
    if any(PREFERENCE in _preferences(value) for value in _all(request, b"prefer")):
        return True
    return any(
        _is_parameter(part) and part[len(PARAMETER) :] not in ("=0", "=false") for part in _parts(request)
    )


class DeferredRun(Run):
    # The call that the console makes of it is the one that counts.
    counts = False
    outlasts_pause = True

    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request, services, target)
        self._body = bytearray()
        self._whole: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._most: int | None = None

    def start(self) -> None:
        self._launch()

    async def _find(self) -> None:
        try:
            told = await self._hand_over()
        except Refused as error:
            self.refuse(error.status, error.message, headers=error.headers)
        except Unreachable as error:
            self.refuse(503, str(error), headers=(("retry-after", "1"),))
        except (TooFast, TooMany) as error:
            self._turn_away(error)
        except Exception:
            # Nobody else would ever answer this client.
            log.exception("invocation %s failed in the executor itself", self.id)
            self.refuse(500, "The executor failed. Its log has more under this request's id.")
        else:
            self._accept(told["ticket"], told["location"])

    async def _hand_over(self) -> dict[str, str]:
        """Returns the ticket and the location of its status. Raises Refused, Unreachable, TooFast, TooMany."""
        team, webtask = self.target.team, self.target.webtask
        assert webtask is not None
        source = self.services.source
        deployment = source.remembered(team, webtask) or await source.deployment(team, webtask)
        self._check_host(deployment)
        self._most = min(deployment.limits.body_bytes, MAX_DELIVERY)
        self._check_size()
        with self.services.holding.reserve(team, self._due()):
            # Here and not when it is called: what is accepted is not looked at again.
            if deployment.guarded:
                await self._enter(deployment)
            self._admit(deployment)
            await self._signed_body(deployment)
            try:
                return await source.deliver(self._parcel(deployment))
            finally:
                # The connection knows its last exchange for as long as it is open.
                self._body.clear()

    def _due(self) -> int:
        """Bytes that may still come."""
        if not self.request.has_body:
            return 0
        assert self._most is not None
        return int(self.request.header(b"content-length") or self._most)

    async def _signed_body(self, deployment: Deployment) -> Iterable[bytes]:
        """Raises Refused when it takes too long."""
        seconds = min(deployment.limits.wall_ms / 1000, BODY_SECONDS)
        self.invite_body()
        self.connection.resume()
        if not self.request.has_body:
            return ()
        try:
            async with asyncio.timeout(seconds):
                await self._whole
        except TimeoutError:
            self._body.clear()
            self.keep_alive = False
            raise Refused(408, f"The body did not come within {seconds:g} s.") from None
        return (bytes(self._body),)

    def _parcel(self, deployment: Deployment) -> dict[str, Any]:
        return {
            "team": self.target.team,
            # Which version it was asked of, the URL says.
            "webtask": deployment.webtask,
            "method": self.request.method,
            "host": self.request.host,
            "url": without_key(_url(self.request)) if self._shown_to_us else _url(self.request),
            "headers": _headers(self.request, self.target, credential=self._shown_to_us),
            "body": base64.b64encode(self._body).decode(),
            "key": self.request.header(b"idempotency-key") or "",
        }

    def _accept(self, ticket: str, location: str) -> None:
        self._handed_over = True
        body = json.dumps({"ticket": ticket, "state": "queued", "status_url": location}, indent=2).encode()
        head = (
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("location", location),
            ("preference-applied", PREFERENCE),
            ("x-content-type-options", "nosniff"),
        )
        self.send_head(202, "", Fields.of(head), own=self.connection.dated())
        self.send_body(body)
        self.finish()

    def on_body(self, data: bytes) -> None:
        self._body += data
        if self._most is None:
            self.connection.pause()
            return
        try:
            self._check_size()
        except Refused as error:
            self._whole.cancel()
            self._body.clear()
            self.refuse(error.status, error.message)

    def on_body_end(self) -> None:
        if not self._whole.done():
            self._whole.set_result(None)

    def _check_size(self) -> None:
        """Raises Refused once more has come than may be kept."""
        assert self._most is not None
        size = max(len(self._body), int(self.request.header(b"content-length") or "0"))
        if size > self._most:
            raise Refused(413, f"The body of a request that is not waited for may have {self._most:,} bytes.")


def _url(request: Request) -> str:
    """Without what asked for this: the console's own call must not be put off again."""
    if PARAMETER not in request.url:
        return request.url
    query = "&".join(part for part in _parts(request) if not _is_parameter(part))
    return request.path + (f"?{query}" if query else "")


def _headers(request: Request, target: Target, *, credential: bool) -> list[list[str]]:
    # What a webtask would not get is not kept either: the console's cookies above all.
    flat = guest_headers(request, on_console_host=target.on_console_host, credential=credential)
    pairs = zip(flat[::2], flat[1::2], strict=True)
    kept = [[name, value] for name, value in pairs if name.lower() not in _DROPPED]
    others = [
        text.strip()
        for value in _all(request, b"prefer")
        for text in value.split(",")
        if text.strip() and PREFERENCE not in _preferences(text)
    ]
    return [*kept, ["Prefer", ", ".join(others)]] if others else kept


def _all(request: Request, name: bytes) -> list[str]:
    return [value.decode("latin-1") for known, value in request.headers if known.lower() == name]


def _preferences(value: str) -> set[str]:
    """Their names; parameters and values do not matter here."""
    return {text.partition(";")[0].partition("=")[0].strip().lower() for text in value.split(",")}


def _parts(request: Request) -> list[str]:
    return request.query.split("&")


def _is_parameter(part: str) -> bool:
    """As it is written, never decoded: what is recognised here is exactly what is taken out."""
    return part.partition("=")[0] == PARAMETER
