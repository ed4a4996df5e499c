"""How far the limits of a webtask may be set: a node's ceilings, and what they make of a wish."""

import dataclasses
from collections.abc import Callable, Mapping

from executor.contract import Limits
from executor.limits import SETTABLE


def ceilings(read: Callable[[str, int, int, int], int]) -> Limits:
    """A node's ceilings. `read(variable, default, lowest, most)` is the reader of settings of whoever asks."""
    return Limits(
        **{row.name: read(row.variable, row.ceiling, row.lowest, row.most) for row in SETTABLE.values()}
    )


def effective(ceiling: Limits, *differences: Mapping[str, int]) -> Limits:
    """The defaults, changed by each of `differences` in turn (team's, webtask's), none above its ceiling.

    Raises TypeError for a name that is in no row.
    """
    wanted = dataclasses.asdict(Limits())
    for difference in differences:
        wanted |= difference
    return clamp(Limits(**wanted), ceiling)


def clamp(limits: Limits, ceiling: Limits) -> Limits:
    return Limits(**{name: min(getattr(limits, name), getattr(ceiling, name)) for name in SETTABLE})


def problem(name: str, value: object, ceiling: Limits) -> str | None:
    """Why `value` cannot be the limit `name` under `ceiling`, for the person who wrote it; None when it can."""
    row = SETTABLE.get(name)
    if row is None:
        return f"There is no limit {name} to set. These can be set: {', '.join(SETTABLE)}."
    highest = getattr(ceiling, name)
    if isinstance(value, bool) or not isinstance(value, int) or not row.lowest <= value <= highest:
        kind = row.unit if row.unit in ("ms", "bytes") else "a count"
        return f"{row.title.capitalize()} is a whole number from {row.lowest} to {highest} ({kind})."
    return None
