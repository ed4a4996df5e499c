"""The Run of a draft: the console calls the executor as anyone would, with a grant that names the draft."""

import base64
import time
from dataclasses import dataclass, field

import httpx
from django.conf import settings

from console.accounts.models import User
from console.problems import Invalid, Unreachable
from console.webtasks.deployments import grant, limits_of
from console.webtasks.models import Draft, Webtask
from executor.contract import GRANT_HEADER, INVOCATION_HEADER, RUN_PREFIX, SOURCE_HEADER, VERSION_HEADER

MAX_BODY = 1024 * 1024
# The executor ends a run at its wall limit and says why; we wait a little longer to hear it.
GRACE_SECONDS = 5

# What belongs to the connection between console and executor, not to the call.
_OURS = frozenset({
    "connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade", GRANT_HEADER,
})  # fmt: skip

_client = httpx.Client(
    limits=httpx.Limits(max_connections=None, max_keepalive_connections=4),
    trust_env=False,
    follow_redirects=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as the person wrote it. `path` follows the webtask's name: "", "/x", "?q=1" or "/x?q=1"."""

    method: str = "GET"
    path: str = ""
    headers: list[list[str]] = field(default_factory=list)
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: str
    body_encoding: str
    truncated: bool
    milliseconds: float
    invocation: str
    label: str
    source: str


def run(webtask: Webtask, user: User, call: Call) -> Outcome:
    """Runs `user`'s saved draft, or the live version without one. Raises Invalid, Unreachable."""
    patience = limits_of(webtask).wall_ms / 1000 + GRACE_SECONDS
    request = _request(webtask, user, call, patience=patience)
    started = time.monotonic()
    try:
        response = _client.send(request, stream=True)
        try:
            body, truncated = _read(response, started + patience)
        finally:
            response.close()
    except (httpx.LocalProtocolError, httpx.UnsupportedProtocol) as error:
        raise Invalid(f"The request cannot be sent: {error}") from error
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise Unreachable(f"The executor at {settings.EXECUTOR_URL} did not answer: {reason}") from error
    milliseconds = round((time.monotonic() - started) * 1000, 1)
    text, encoding = _text(body)
    return Outcome(
        status=response.status_code,
        reason=response.reason_phrase,
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw],
        body=text,
        body_encoding=encoding,
        truncated=truncated,
        milliseconds=milliseconds,
        invocation=response.headers.get(INVOCATION_HEADER, ""),
        label=response.headers.get(VERSION_HEADER, ""),
        source=response.headers.get(SOURCE_HEADER, ""),
    )


def _request(webtask: Webtask, user: User, call: Call, *, patience: float) -> httpx.Request:
    # Built by hand: a client would add its own user-agent and accept headers to what the person wrote.
    headers = [(name.strip(), value) for name, value in call.headers if name.strip().lower() not in _OURS]
    headers.append(("host", httpx.URL(settings.CONSOLE_ORIGIN).netloc.decode()))
    draft = Draft.objects.filter(webtask=webtask, user=user).first()
    if draft:
        headers.append((GRANT_HEADER, grant(webtask, draft)))
    target = f"{RUN_PREFIX}{webtask.team.slug}/{webtask.name}{call.path}".encode("ascii")
    try:
        content = call.body.encode() if call.body else None
        encoded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]
        # The target as written: httpx would resolve `/../` and call something else.
        timeout = httpx.Timeout(patience, connect=5).as_dict()
        extensions = {"target": target, "timeout": timeout}
        return httpx.Request(
            call.method, settings.EXECUTOR_URL, headers=encoded, content=content, extensions=extensions
        )
    except UnicodeEncodeError as error:
        raise Invalid(f"The request cannot be sent: {error}") from error


def _read(response: httpx.Response, deadline: float) -> tuple[bytes, bool]:
    """As sent: decoding a gzip answer here would let 1 MiB grow to a thousand."""
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > MAX_BODY or time.monotonic() > deadline:
            return bytes(body[:MAX_BODY]), True
    return bytes(body), False


def _text(body: bytes) -> tuple[str, str]:
    try:
        return body.decode(), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
