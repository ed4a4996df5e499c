"""A hostile program: its source and what its first three lines say about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from executor.sandbox.layers import LAYERS
from executor.sandbox.syscalls import NUMBERS

PROGRAMS = Path(__file__).parent / "programs"
LANGUAGES = {".js": "node", ".py": "python"}
GROUPS = (
    "processes",
    "privileges",
    "kernel",
    "memory",
    "files",
    "network",
    "limits",
    "cpu",
    "logs",
    "runtime",
)
# What a program may push at that is neither a system call nor a layer a host can lack.
WALLS = frozenset(LAYERS) | {"descriptors", "egress", "environment", "rlimits", "tmpfs", "v8", "watchdog"}

_HEADER = re.compile(
    r"(?://|#) Must (?P<expected>(?:print|die by|die of|be killed|run out of memory)(?: .+)?)\n"
    r"(?://|#) group: (?P<group>\w+)\n"
    r"(?:# behind: (?P<behind>\w+)\n)?"
    r"(?://|#) attacks: (?P<attacks>[\w ]+)\n"
)


@dataclass(frozen=True, slots=True)
class Program:
    """`attacks` names system calls and walls; `expected` is how it must end, in the words of its first line.

    `walls` is the runtime behind whose walls it runs: its own, unless native code is to try another's.
    """

    name: str
    language: str
    walls: str
    group: str
    attacks: tuple[str, ...]
    expected: str
    source: str

    def aimed(self, targets: Mapping[str, str]) -> str:
        """The source with what is there to be reached on the host in the place of each target's name."""
        source = self.source
        for name, value in targets.items():
            source = source.replace(name, value)
        return source


def read(path: Path) -> Program:
    """Raises ValueError when the header does not say what it must."""
    source = path.read_text()
    header = _HEADER.match(source)
    if header is None:
        raise ValueError(f"{path.name}: the first lines must say 'Must …', 'group: …' and 'attacks: …'")
    attacks = tuple(header["attacks"].split())
    if header["group"] not in GROUPS:
        raise ValueError(f"{path.name}: the group {header['group']!r} is none of {', '.join(GROUPS)}")
    if header["behind"] not in {None, *LANGUAGES.values()}:
        raise ValueError(f"{path.name}: {header['behind']!r} is not a runtime")
    if unknown := [name for name in attacks if name not in NUMBERS and name not in WALLS]:
        raise ValueError(f"{path.name}: {', '.join(unknown)} is neither a system call nor a wall")
    return Program(
        name=path.stem,
        language=LANGUAGES[path.suffix],
        walls=header["behind"] or LANGUAGES[path.suffix],
        group=header["group"],
        attacks=attacks,
        expected=header["expected"],
        source=source,
    )


@cache
def programs() -> tuple[Program, ...]:
    """All of them, by group and name."""
    found = [read(path) for path in PROGRAMS.iterdir() if path.suffix in LANGUAGES]
    return tuple(sorted(found, key=lambda program: (GROUPS.index(program.group), program.name)))
