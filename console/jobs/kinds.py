"""The kinds of background work. Each app's `tasks.py` registers its own with `@kind`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Work = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`run` takes the payload as keywords and may run more than once. `lease` must outlast it."""

    name: str
    run: Work
    every: timedelta | None
    lease: timedelta
    attempts: int


KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    *,
    every: timedelta | None = None,
    lease: timedelta = timedelta(minutes=5),
    attempts: int = 5,
) -> Callable[[Work], Work]:
    """With `every`, the clock makes one such job in each period, whoever of several clocks comes first."""

    def register(run: Work) -> Work:
        if name in KINDS:
            raise ValueError(f"there are two kinds of job named {name!r}")
        KINDS[name] = Kind(name=name, run=run, every=every, lease=lease, attempts=attempts)
        return run

    return register
