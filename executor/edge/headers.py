"""Which headers pass between a client and a webtask, and which never do.

A webtask's answer is attacker-controlled content. On the console's own host it must not become part of the
console: no cookie, no site-wide switch, and a sandbox policy that gives it an origin of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from executor.contract import (
    GRANT_HEADER,
    HOST_PREFIX,
    INVOCATION_HEADER,
    OUR_COOKIES,
    PROXY_STATS_HEADER,
    SOURCE_HEADER,
    STATS_HEADER,
    TIMING_HEADER,
    VERSION_HEADER,
)
from executor.edge.request import Request

# Framing and connection are ours to decide (RFC 9110 section 7.6.1); a webtask decides neither.
HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
# Would act on the whole console, or be read as said by us.
_CONSOLE_ONLY = frozenset(
    (
        "set-cookie",
        "set-cookie2",
        "clear-site-data",
        "strict-transport-security",
        "alt-svc",
        "nel",
        "report-to",
        "reporting-endpoints",
        "service-worker-allowed",
        "www-authenticate",
    )
)
_OURS = frozenset(
    (SOURCE_HEADER, INVOCATION_HEADER, VERSION_HEADER, PROXY_STATS_HEADER, STATS_HEADER, TIMING_HEADER)
)
SANDBOX_POLICY = "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts"
_OUR_COOKIES = (OUR_COOKIES, f"{HOST_PREFIX}{OUR_COOKIES}".lower())

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# Answers repeat themselves: what was made of the headers of one is kept for the next, when it is as small as
# nearly all are. 1,024 of them take two or three megabytes.
MAX_KEPT = 1024
_COOKIE_DOMAIN = re.compile(r";\s*domain\s*=[^;]*", re.IGNORECASE)


class BadHeader(Exception):
    """A webtask sent a header that HTTP does not allow; it may be an attempt to split the response."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Header lines as they are written, and what they say of the body's length and the date."""

    lines: str
    length: int | None
    dated: bool

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """`pairs` are checked already. Of several lengths the first that is a number counts, and is sent."""
        lines: list[str] = []
        length, dated = None, False
        for name, value in pairs:
            low = name.lower()
            if low == "content-length":
                if length is not None or not value.isascii() or not value.isdigit():
                    continue
                length = int(value[:20])  # more digits than any limit has do not matter
            dated = dated or low == "date"
            lines.append(f"{name}: {value}\r\n")
        return cls("".join(lines), length, dated)


@lru_cache(maxsize=2048)
def _known(name: str) -> str:
    """The lower-case form of a valid header name. Raises BadHeader."""
    if not _NAME.fullmatch(name):
        raise BadHeader(f"header name {name[:100]!r}")
    return name.lower()


def answer_headers(flat: Sequence[str], *, on_console_host: bool) -> Iterator[tuple[str, str]]:
    """(name, value) of a webtask's answer that reach the client. Raises BadHeader."""
    for name, value in zip(flat[::2], flat[1::2], strict=True):
        low = _known(name)
        if not _VALUE.fullmatch(value):
            raise BadHeader(f"value of header {name!r}")
        if low in HOP_BY_HOP or low in _OURS or (on_console_host and low in _CONSOLE_ONLY):
            continue
        if low == "set-cookie":
            if value.lstrip().lower().startswith(_OUR_COOKIES):
                continue  # ours to give, also on a team's host
            # A cookie of one team's host must not reach the console's host or another team's.
            yield name, _COOKIE_DOMAIN.sub("", value)
        else:
            yield name, value
    if on_console_host:
        # Beside a policy of the webtask's own: browsers enforce both.
        yield "content-security-policy", SANDBOX_POLICY
        yield "x-content-type-options", "nosniff"


def answer_fields(flat: Sequence[str], *, on_console_host: bool) -> Fields:
    """What of a webtask's answer reaches the client, ready to be written. Raises BadHeader."""
    if sum(map(len, flat)) > MAX_KEPT:
        return Fields.of(answer_headers(flat, on_console_host=on_console_host))
    return _kept_fields(tuple(flat), on_console_host)


@lru_cache(maxsize=1024)
def _kept_fields(flat: tuple[str, ...], on_console_host: bool) -> Fields:
    return Fields.of(answer_headers(flat, on_console_host=on_console_host))


def guest_headers(request: Request, *, on_console_host: bool, credential: bool) -> list[str]:
    """The flat raw list a webtask sees. `credential`: the Authorization header was for us, not for it."""
    flat: list[str] = []
    for raw_name, raw_value in request.headers:
        name = raw_name.decode("latin-1")
        low = name.lower()
        value = raw_value.decode("latin-1")
        if low == "cookie":
            value = "" if on_console_host else _without_console_cookies(value)
            if not value:
                continue
        elif low == GRANT_HEADER or low.startswith("x-forwarded-") or (credential and low == "authorization"):
            continue
        flat += (name, value)
    flat += ("X-Forwarded-For", request.client, "X-Forwarded-Proto", request.scheme)
    return flat


def _without_console_cookies(value: str) -> str:
    kept = [part for part in value.split(";") if not part.strip().lower().startswith(_OUR_COOKIES)]
    return ";".join(kept).strip()
