"""One line of a webtask's log, and one finished invocation, as they travel to the console."""

import time
from dataclasses import dataclass
from typing import ClassVar

from executor.logs.record import Record

LEVELS = ("debug", "info", "warn", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Record):
    """`time` in epoch milliseconds."""

    KEY: ClassVar[str] = "lines"

    invocation: str
    level: str
    text: str
    time: float

    @property
    def size(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Record):
    """One request through a webtask. `ms` runs from the request's head to the answer's end."""

    KEY: ClassVar[str] = "invocations"

    id: str
    method: str
    path: str
    status: int
    ms: float
    time: float
    source: str

    @property
    def size(self) -> int:
        return len(self.path)


def epoch_ms() -> float:
    return time.time() * 1000
