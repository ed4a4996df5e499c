"""What an executor says of its walls, brought into the one shape that is stored and shown.

Executors of another release may say more or less: what is missing reads as unknown, what is new is passed over.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

from console.webtasks.storable import text

MAX_TEXT = 2000
MAX_ROWS = 100
STATES = ("active", "weaker", "missing")


class Layer(TypedDict):
    name: str
    state: str
    keeps: str
    reason: str
    remedy: str
    accepted: bool


class Runtime(TypedDict):
    name: str
    version: str
    allowed: int
    checked: int
    total: int
    refused: int
    deadly: int
    trouble: str


class Fact(TypedDict):
    name: str
    value: str


class Report(TypedDict):
    mode: str
    serves: bool
    layers: list[Layer]
    runtimes: list[Runtime]
    kernel: list[Fact]


def report(said: Any) -> Report | None:
    """None when it says nothing of that."""
    if not isinstance(said, Mapping) or not said:
        return None
    layers = said.get("layers")
    rows = layers if isinstance(layers, list) else []
    return {
        "mode": _text(said.get("mode")) or "unknown",
        "serves": said.get("serves") is True,
        "layers": [_layer(row) for row in rows[:MAX_ROWS] if isinstance(row, Mapping)],
        "runtimes": [
            _runtime(name, row) for name, row in _items(said.get("runtimes")) if isinstance(row, Mapping)
        ],
        "kernel": [
            {"name": _text(name), "value": _value(value)} for name, value in _items(said.get("kernel"))
        ],
    }


def _layer(said: Mapping[str, Any]) -> Layer:
    state = said.get("state")
    return {
        "name": _text(said.get("name")),
        # A wall that is not known to stand is not there.
        "state": state if state in STATES else "missing",
        "keeps": _text(said.get("keeps")),
        "reason": _text(said.get("reason")),
        "remedy": _text(said.get("remedy")),
        "accepted": said.get("accepted") is True,
    }


def _runtime(name: str, said: Mapping[str, Any]) -> Runtime:
    return {
        "name": _text(name),
        "version": _text(said.get("version")),
        "allowed": _count(said.get("allowed")),
        "checked": _count(said.get("checked")),
        "total": _count(said.get("total")),
        "refused": _count(said.get("refused")),
        "deadly": _count(said.get("deadly")),
        "trouble": _text(said.get("trouble")),
    }


def _items(said: Any) -> list[tuple[str, Any]]:
    return list(said.items())[:MAX_ROWS] if isinstance(said, Mapping) else []


def _value(said: Any) -> str:
    if said is None:
        return "none"
    if isinstance(said, bool):
        return "yes" if said else "no"
    return _text(said)


def _count(said: Any) -> int:
    return said if type(said) is int and 0 <= said < 2**31 else 0


def _text(said: Any) -> str:
    return "" if said is None else text(said, MAX_TEXT)
