"""Answers as flat fields, and where two of them differ."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# What a connection, a clock or the console's own host adds to every answer; the case's code has no part in it.
_NOT_THE_CODES = {
    "connection",
    "content-length",
    "content-security-policy",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "x-content-type-options",
}


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where there was none."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def fields(self) -> dict[str, Any]:
        if self.status == 0:
            return {"status": 0}
        named = {name.lower(): value for name, value in self.headers.items()}
        said = {f"header.{name}": value for name, value in named.items() if _is_the_codes(name)}
        return {"status": self.status, **said, **dict(_spread("body", _read(self.body)))}


def differences(ours: Answer, theirs: Answer) -> dict[str, tuple[Any, Any]]:
    """By field: what we say and what they say; None where a field is not there."""
    mine, other = ours.fields(), theirs.fields()
    names = sorted({*mine, *other})
    return {name: (mine.get(name), other.get(name)) for name in names if mine.get(name) != other.get(name)}


def _is_the_codes(header: str) -> bool:
    return header not in _NOT_THE_CODES and not header.startswith(("x-wt-", "x-auth0-"))


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("latin-1")


def _spread(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _spread(f"{name}.{key}", inner)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _spread(f"{name}.{index}", inner)
    else:
        yield name, value
