"""One line of a webtask's log, and one finished invocation, as they travel to the console."""

import time
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

LEVELS = ("debug", "info", "warn", "error")


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose line it is. `webtask` is None for ad-hoc code."""

    team: str
    webtask: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`time` in epoch milliseconds."""

    KEY: ClassVar[str] = "lines"

    origin: Origin
    invocation: str
    level: str
    text: str
    time: float

    def to_json(self) -> dict[str, Any]:
        own = asdict(self)
        return {**own.pop("origin"), **own}

    @property
    def size(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One request through a webtask. `ms` runs from the request's head to the answer's end."""

    KEY: ClassVar[str] = "invocations"

    origin: Origin
    id: str
    method: str
    path: str
    status: int
    ms: float
    time: float
    source: str

    def to_json(self) -> dict[str, Any]:
        own = asdict(self)
        return {**own.pop("origin"), **own}

    @property
    def size(self) -> int:
        return len(self.path)


def epoch_ms() -> float:
    return time.time() * 1000
