"""Every hostile program against the walls of this host, one after the other."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from executor.attacks import host
from executor.attacks.arena import Arena
from executor.attacks.leaning import leans
from executor.attacks.program import Program, programs
from executor.sandbox import survey
from executor.sandbox.modes import MODES

_DETAIL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One program's result. `outcome` and `detail` are empty when it ended as it must."""

    name: str
    language: str
    group: str
    expected: str
    outcome: str
    passed: bool
    ms: float
    detail: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def chosen(names: Collection[str]) -> list[Program]:
    """The programs of these names, all of them when there is none. Raises LookupError with the unknown ones."""
    known = {program.name: program for program in programs()}
    if unknown := [name for name in names if name not in known]:
        raise LookupError(", ".join(unknown))
    return [known[name] for name in names] if names else list(programs())


async def applicable(names: Collection[str] = ()) -> tuple[list[Program], int]:
    """Those of `names` that say something of this host's walls, and how many others there are.

    Whoever names a program gets it. Raises LookupError, SandboxUnavailable.
    """
    wanted = chosen(names)
    if names:
        return wanted, 0
    mode = MODES[(await survey.look()).mode]
    telling = [program for program in wanted if not leans(program, mode)]
    return telling, len(wanted) - len(telling)


async def attack(
    data: Path, attackers: Iterable[Program], *, accept_weaker: frozenset[str] = frozenset()
) -> AsyncGenerator[Attack, None]:
    """Raises SandboxUnavailable; SpawnFailed when an attack has hurt the launcher itself."""
    arena = Arena(data, accept_weaker=accept_weaker)
    try:
        with host.targets() as targets:
            for program in attackers:
                yield await _run(arena, program, program.aimed(targets))
    finally:
        await arena.close()


async def _run(arena: Arena, program: Program, source: str) -> Attack:
    now = asyncio.get_running_loop().time
    began = now()
    outcome = await arena.fight(program.language, source, walls=program.walls)
    passed = outcome.meets(program.expected)
    return Attack(
        name=program.name,
        language=program.language,
        group=program.group,
        expected=program.expected,
        outcome=str(outcome),
        passed=passed,
        ms=round((now() - began) * 1000, 1),
        detail="" if passed else (outcome.complained or outcome.said)[-_DETAIL:],
    )
