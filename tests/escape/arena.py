"""The arena that a person keeps for all tests (tests/sandbox/person.py)."""

from pathlib import Path

from executor.attacks.arena import Arena
from executor.attacks.outcome import Outcome

_arenas: dict[Path, Arena] = {}
LANGUAGES = {"js": "node", "py": "python"}


async def fight(data: Path, language: str, source: str, walls: str | None = None) -> Outcome:
    arena = _arenas.setdefault(data, Arena(data))
    return await arena.fight(LANGUAGES.get(language, language), source, walls=walls)
