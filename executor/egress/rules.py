"""A webtask's allow-list: where its version says that it connects to."""

import re
from collections.abc import Iterable

from executor.egress.addresses import parse

ANY = "*"
NOT_ALLOWED = "not on the allow-list of this webtask"
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_][a-z0-9_-]{0,62}")
_LONGEST = 253


def normalize(host: str) -> str | None:
    """A host name or an address in the one form that is compared, None for what is neither.

    Names that end in a number are spellings of IPv4 ("0x7f.1", "2130706433"); no domain does.
    """
    try:
        return str(parse(host.strip("[]")))
    except ValueError:
        pass
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return None
    name = name.lower().removesuffix(".")
    if len(name) > _LONGEST or not _NAME.fullmatch(name) or _is_number(name.rpartition(".")[2]):
        return None
    return name


def _is_number(label: str) -> bool:
    return label.isdigit() or re.fullmatch(r"0x[0-9a-f]*", label) is not None


class Rules:
    """Patterns are "host:port": "*" is any host or any port, "*.example.com" one or more labels before the rest.

    A pattern that makes no sense matches nothing. None instead of patterns allows everything. `reason` is what is
    told of anything else.
    """

    def __init__(self, patterns: Iterable[str] | None, *, reason: str = NOT_ALLOWED) -> None:
        self.reason = reason
        self._free = patterns is None
        self._pairs = [pair for pattern in patterns or () if (pair := _parse(pattern)) is not None]

    def allow(self, host: str, port: int) -> bool:
        """`host` normalized."""
        return self._free or any(
            wanted in {ANY, str(port)} and _matches(pattern, host) for pattern, wanted in self._pairs
        )

    def know(self, host: str) -> bool:
        """Whether it is allowed on any port, so that its name may be looked up."""
        return self._free or any(_matches(pattern, host) for pattern, _ in self._pairs)


def _parse(pattern: str) -> tuple[str, str] | None:
    host, colon, port = pattern.strip().rpartition(":")
    if not colon or not (port == ANY or (port.isascii() and port.isdigit())):
        return None
    port = port if port == ANY else str(int(port))
    if host == ANY:
        return ANY, port
    wild, rest = ("*.", host[2:]) if host.startswith("*.") else ("", host)
    name = normalize(rest)
    return None if name is None else (wild + name, port)


def _matches(pattern: str, host: str) -> bool:
    if pattern == ANY:
        return True
    if pattern.startswith("*."):
        # The dot stays: "*.example.com" is neither example.com nor badexample.com.
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return host == pattern
