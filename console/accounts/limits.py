"""Budgets as people set them: what differs from the defaults, for a team and for a webtask.

The executor's table says what there is to set and within which bounds; the ceilings are this installation's.
"""

from collections.abc import Mapping

from django.conf import settings

from console.problems import Invalid
from executor import ceilings
from executor.contract import Limits
from executor.limits import SETTABLE


def effective(*levels: Mapping[str, int]) -> Limits:
    """The defaults, changed by each level in turn, none above its ceiling."""
    return ceilings.effective(settings.CEILINGS, *map(_known, levels))


def changed(
    level: Mapping[str, int], changes: Mapping[str, int | None], *, team: bool = False
) -> dict[str, int]:
    """`level` with `changes`, of which None takes a difference back. Raises Invalid with each mistake by name.

    `team`: it is a team's, which has some that a webtask has not.
    """
    found = {name: _problem(name, value, team=team) for name, value in changes.items()}
    wrong = {name: [problem] for name, problem in found.items() if problem}
    if wrong:
        raise Invalid(" ".join(problem for (problem,) in wrong.values()), errors=wrong)
    merged = {**_known(level), **changes}
    return {name: value for name, value in merged.items() if value is not None}


def _problem(name: str, value: int | None, *, team: bool) -> str | None:
    if name in SETTABLE and SETTABLE[name].team and not team:
        return f"{SETTABLE[name].title.capitalize()} can be set for the whole team only."
    if value is None and name in SETTABLE:
        return None
    return ceilings.problem(name, value, settings.CEILINGS)


def _known(level: Mapping[str, int]) -> dict[str, int]:
    """Without names of another release, which a row may still hold."""
    return {name: value for name, value in level.items() if name in SETTABLE}
