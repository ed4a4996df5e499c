"""The kinds of background work. Each app's `tasks.py` registers its own with `@kind`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Work = Callable[..., None]
# By what the job is about: it takes the payload as keywords, as the work itself does.
Lease = timedelta | Callable[..., timedelta]
Tick = Callable[[datetime], object]


class Later(Exception):
    """Raised by work that cannot be done now. It is no failure and no attempt: the job waits so long."""

    def __init__(self, reason: str, *, wait: timedelta) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`run` takes the payload as keywords and may run more than once. `lease` must outlast it."""

    name: str
    run: Work
    every: timedelta | None
    lease: Lease
    attempts: int


KINDS: dict[str, Kind] = {}
# What every clock does each second, with the time it is.
TICKS: list[Tick] = []


def each_second(tick: Tick) -> Tick:
    """Several clocks may do it at once, each in a thread of its own."""
    TICKS.append(tick)
    return tick


def kind(
    name: str,
    *,
    every: timedelta | None = None,
    lease: Lease = timedelta(minutes=5),
    attempts: int = 5,
) -> Callable[[Work], Work]:
    """With `every`, the clock makes one such job in each period, whoever of several clocks comes first."""

    def register(run: Work) -> Work:
        if name in KINDS:
            raise ValueError(f"there are two kinds of job named {name!r}")
        KINDS[name] = Kind(name=name, run=run, every=every, lease=lease, attempts=attempts)
        return run

    return register
