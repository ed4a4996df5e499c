"""The page of figures, docs/benchmarks.md: what was measured, when, on what; and what falls short."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was to be reached, and what was: a line of the table of goals."""

    what: str
    goal: str
    measured: str
    met: bool

    def row(self) -> list[str]:
        return [self.what, self.goal, f"**{self.measured}**", "yes" if self.met else "no"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`body` is markdown: a bench's tables."""

    body: str
    figures: Sequence[Figure] = ()


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def machine() -> str:
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    processor = model.group(1) if model else platform.machine()
    return f"{os.cpu_count()} cores of {processor}, {memory:.0f} GiB, Linux {platform.release()}"


def replace(section: str, body: str) -> None:
    """Writes `body` between the marks of `section`; the words around it are people's."""
    begin, end = f"<!-- {section}: measured -->", "<!-- end -->"
    text = PAGE.read_text()
    start = text.index(begin) + len(begin)
    stop = text.index(end, start)
    when = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine()}."
    PAGE.write_text(f"{text[:start]}\n{when}\n\n{body}\n{text[stop:]}")
