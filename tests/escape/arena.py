"""Where hostile programs meet the real walls. Lives in a person's process; its launchers stay between fights."""

import contextlib
import socket
import sys
import sysconfig
from dataclasses import dataclass, replace
from pathlib import Path

from executor.runtimes import libraries, node, root
from executor.sandbox.launcher import Launcher, Policy
from executor.sandbox.policy import Access, Grant
from tests.sandbox.ground import Running

GUEST = Path(__file__).parent / "guest"
BUDGET = 128 << 20
# The parts of the standard library that a hostile program or the interpreter's start needs.
_PACKAGES = ("collections", "ctypes", "encodings", "importlib", "json", "re")
_launchers: dict[str, Launcher] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int | None
    signal: int | None
    out_of_memory: bool
    said: str
    complained: str


async def fight(data: Path, language: str, source: str) -> Outcome:
    """Runs `source`; kills it as soon as it says it has "started" something that would not end."""
    running = await Running.start(await _launcher(data, language))
    assert await running.line() == "up"
    running.sandbox.limit_memory(BUDGET)
    with contextlib.suppress(BrokenPipeError):
        running.channel.sendall(source.encode())
    running.channel.shutdown(socket.SHUT_WR)
    if "started" in await running.line():
        running.sandbox.kill()
    ended, said, complained = await running.finish()
    return Outcome(ended.code, ended.signal, ended.out_of_memory, said, complained)


async def serves(data: Path, language: str) -> bool:
    """Whether the next sandbox comes up."""
    running = await Running.start(await _launcher(data, language))
    up = await running.line()
    running.sandbox.kill()
    await running.finish()
    return up == "up"


async def leave() -> None:
    for launcher in _launchers.values():
        await launcher.close()
    _launchers.clear()


async def _launcher(data: Path, language: str) -> Launcher:
    """Restarted only when it was lost, which would fail the fight that caused it."""
    if language not in _launchers:
        policy = {"js": node_policy, "py": python_policy}[language](data)
        _launchers[language] = await Launcher.start(policy)
    return _launchers[language]


def node_policy(data: Path) -> Policy:
    return node.policy(node.prepare(data, GUEST))


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
        grants=(*kept, Grant(str(program), Access.READ_EXECUTE, "Python itself")),
    )
