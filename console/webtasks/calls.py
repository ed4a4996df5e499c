"""A call to a webtask as anyone makes it: over HTTP, through the executor."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import httpx
from django.conf import settings

from console.problems import Invalid, Unreachable
from console.webtasks.deployments import limits_of
from console.webtasks.models import Webtask

# The executor ends a run at its wall limit and says why; we wait a little longer to hear it.
GRACE_SECONDS = 5
_CONNECT_SECONDS = 5

# What belongs to the connection between console and executor, not to the call.
_OURS = frozenset({
    "connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`body` is as it was sent, whatever its encoding, and `truncated` when there was more."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes
    truncated: bool
    milliseconds: float

    def header(self, name: str) -> str:
        """The first of that name, "" when there is none; `name` in lower case."""
        return next((value for known, value in self.headers if known.lower() == name), "")


def patience(webtask: Webtask) -> float:
    """Seconds."""
    return limits_of(webtask).wall_ms / 1000 + GRACE_SECONDS


def longest(patience: float) -> float:
    """Seconds that `send` may take in all: a head that comes at the last moment, and then a byte that does."""
    return _CONNECT_SECONDS + 2 * patience


def console_host() -> str:
    return httpx.URL(settings.CONSOLE_ORIGIN).netloc.decode()


def send(
    method: str,
    target: str,
    headers: Iterable[tuple[str, str]],
    content: bytes,
    *,
    patience: float,
    most: int,
) -> Answer:
    """`target` is the path with its query, `headers` name the host. Raises Invalid, Unreachable."""
    request = _request(method, target, headers, content, patience=patience)
    started = time.monotonic()
    try:
        response = _client().send(request, stream=True)
        try:
            body, truncated = _read(response, started + patience, most)
        finally:
            response.close()
    except (httpx.LocalProtocolError, httpx.UnsupportedProtocol) as error:
        raise Invalid(f"The request cannot be sent: {error}") from error
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise Unreachable(f"The executor at {settings.EXECUTOR_URL} did not answer: {reason}") from error
    return Answer(
        status=response.status_code,
        reason=response.reason_phrase,
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw],
        body=body,
        truncated=truncated,
        milliseconds=round((time.monotonic() - started) * 1000, 1),
    )


@cache
def _client() -> httpx.Client:
    """Made when it is first needed: its TLS takes a noticeable part of every command's start."""
    return httpx.Client(
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=4),
        trust_env=False,
        follow_redirects=False,
    )


def _request(
    method: str, target: str, headers: Iterable[tuple[str, str]], content: bytes, *, patience: float
) -> httpx.Request:
    # Built by hand: a client would add its own user-agent and accept headers to what the caller wrote.
    kept = [(name.strip(), value) for name, value in headers if name.strip().lower() not in _OURS]
    try:
        encoded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in kept]
        # The target as written: httpx would resolve `/../` and call something else.
        timeout = httpx.Timeout(patience, connect=_CONNECT_SECONDS).as_dict()
        extensions = {"target": target.encode("ascii"), "timeout": timeout}
        return httpx.Request(
            method, settings.EXECUTOR_URL, headers=encoded, content=content or None, extensions=extensions
        )
    except UnicodeEncodeError as error:
        raise Invalid(f"The request cannot be sent: {error}") from error


def _read(response: httpx.Response, deadline: float, most: int) -> tuple[bytes, bool]:
    """As sent: decoding a gzip answer here would let 1 MiB grow to a thousand."""
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > most or time.monotonic() > deadline:
            return bytes(body[:most]), True
    return bytes(body), False
