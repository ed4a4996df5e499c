"""What all requests through a webtask came to in one window of time, as it travels to the console."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from executor.logs.record import Record

# Twenty a decade from 0.1 ms to a quarter of an hour: a duration told by its bound is at most 12 % too long.
BOUNDS = tuple(float(f"{10 ** (step / 20 - 1):.3g}") for step in range(140))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally(Record):
    """Requests that ended in the `seconds` after `time` (epoch milliseconds); `thinned` of them have no Invocation.

    `statuses` counts them by class ("2xx"), `spread` by duration: each key is a bound, in milliseconds, that its
    requests did not exceed and that all others did or stayed a bound below. What took none is left out of both.
    """

    KEY: ClassVar[str] = "tallies"

    time: float
    seconds: float
    requests: int
    thinned: int
    statuses: Mapping[str, int]
    ms_sum: float
    ms_max: float
    spread: Mapping[str, int]

    @property
    def size(self) -> int:
        return 16 * len(self.spread)
