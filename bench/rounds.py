"""Figures of alternating rounds: the machine's speed drifts, a ratio within one round does not."""

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Measure = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What it costs with and without, in `unit`, one pair a round."""

    name: str
    unit: str
    subject: Sequence[float]
    reference: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        return [a / b for a, b in zip(self.subject, self.reference, strict=True)]

    def row(self) -> list[str]:
        """Name, both medians, the median ratio and its spread, as a line of the table."""
        low, high = min(self.ratios), max(self.ratios)
        return [
            self.name,
            f"{statistics.median(self.subject):,.4g} {self.unit}",
            f"{statistics.median(self.reference):,.4g} {self.unit}",
            f"**{statistics.median(self.ratios):.2f}**",
            f"{low:.2f} – {high:.2f}",
        ]


async def alternate(name: str, unit: str, subject: Measure, reference: Measure, *, rounds: int) -> Comparison:
    """Subject and reference in turn, first come changing, so that neither always finds the warmer machine."""
    pairs: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:
            second = await reference()
            pairs.append((await subject(), second))
        else:
            first = await subject()
            pairs.append((first, await reference()))
    return Comparison(name, unit, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
