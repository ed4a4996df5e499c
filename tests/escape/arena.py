"""Where hostile programs meet the real walls. Lives in a person's process; its launchers stay."""

import os
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from executor.runtimes import libraries, node, root
from executor.sandbox.launcher import Policy
from executor.sandbox.policy import Access, Grant
from tests.sandbox.ground import GUEST as NODE_GUEST
from tests.sandbox.ground import Running, resident

GUEST = Path(__file__).parent / "guest"
BUDGET = 128 << 20
# The parts of the standard library that a hostile program or the interpreter's start needs.
_PACKAGES = ("collections", "ctypes", "encodings", "importlib", "json", "re")
_next: dict[str, Running] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int | None
    signal: int | None
    out_of_memory: bool
    said: str
    complained: str


async def fight(data: Path, language: str, source: str) -> Outcome:
    """Runs `source`; kills it as soon as it says it has "started" something that would not end.

    Then the launcher must serve the next sandbox, which waits for the next fight.
    """
    launcher = await resident(language, lambda: POLICIES[language](data))
    running = _next.pop(language, None) or await Running.start(launcher)
    await running.feed(source, BUDGET)
    if "started" in await running.line():
        running.sandbox.kill()
    ended, said, complained = await running.finish()
    _next[language] = await Running.start(launcher)
    return Outcome(ended.code, ended.signal, ended.out_of_memory, said, complained)


def node_policy(data: Path) -> Policy:
    return node.policy(node.prepare(data, NODE_GUEST))


def python_policy(data: Path) -> Policy:
    """Node's walls around this machine's Python, which can make any system call."""
    program = Path(sys.executable).resolve()
    standard = Path(sysconfig.get_path("stdlib"))
    modules = sorted((standard / "lib-dynload").glob("*.so"))
    sources = [
        *standard.glob("*.py"),
        *(path for name in _PACKAGES for path in (standard / name).rglob("*.py")),
    ]
    files = {str(path): path for path in (program, *modules, *sources)}
    files |= libraries.needed(program, [path for path in modules if path.name.startswith("_ctypes.")])
    files |= {"/rt/main.py": GUEST / "main.py", "/rt/tests/escape/guest/attack.py": GUEST / "attack.py"}
    place = root.prepare(data / "roots", "python", root.Content(files, {}, ["/tmp"]))
    walls = node.policy(place)
    kept = tuple(grant for grant in walls.grants if (place / grant.path.lstrip("/")).exists())
    return replace(
        walls,
        argv=(str(program), "-I", "-S", "-E", "-B", "/rt/main.py"),
        grants=(*kept, *_own_grants(program, standard, files)),
    )


def _own_grants(program: Path, standard: Path, files: Mapping[str, Path]) -> list[Grant]:
    """Wherever this Python lives: a distribution's is in /usr, one built from source may be anywhere."""
    libraries_of = {os.path.dirname(path) for path in files if ".so" in os.path.basename(path)}
    return [
        Grant(path, Access.READ_EXECUTE, "Python itself")
        for path in (str(program), str(standard), *sorted(libraries_of))
    ]


POLICIES = {"js": node_policy, "py": python_policy}
