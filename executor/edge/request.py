"""A request's head as the edge read it, and the id its invocation goes by."""

import itertools
import time
from dataclasses import dataclass, field
from secrets import randbelow
from typing import Self

Headers = list[tuple[bytes, bytes]]

_counter = itertools.count(randbelow(900_000))


def next_invocation_id() -> str:
    """`<epoch ms>.<number>`, the form the original used; sorts by time, unique in this process for 11 days."""
    return f"{int(time.time() * 1000)}.{100_000 + next(_counter) % 900_000}"


@dataclass(slots=True)
class Request:
    """Names in `headers` are as sent. `url` is the path with its query, as sent."""

    method: str
    url: str
    http: str
    headers: Headers
    client: str
    scheme: str
    keep_alive: bool
    expects_continue: bool
    _first: dict[bytes, bytes] = field(init=False)

    def __post_init__(self) -> None:
        # Asked for several times a request: a look-up each, not a walk through all of them.
        self._first = {name.lower(): value for name, value in reversed(self.headers)}

    @classmethod
    def unreadable(cls) -> Self:
        """Stands for a request whose head could not be parsed, so that it can be refused like any other."""
        return cls(
            method="GET",
            url="/",
            http="1.1",
            headers=[],
            client="",
            scheme="http",
            keep_alive=False,
            expects_continue=False,
        )

    @property
    def path(self) -> str:
        return self.url.partition("?")[0]

    @property
    def query(self) -> str:
        return self.url.partition("?")[2]

    def asks(self, name: str) -> bool:
        """Whether the query has this parameter, with whatever value."""
        return name in self.url and any(part.partition("=")[0] == name for part in self.query.split("&"))

    def header(self, name: bytes) -> str | None:
        """The first value of a header; `name` in lower case."""
        value = self._first.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def host(self) -> str:
        return self.header(b"host") or ""

    @property
    def has_body(self) -> bool:
        first = self._first
        return b"transfer-encoding" in first or first.get(b"content-length", b"0") != b"0"
