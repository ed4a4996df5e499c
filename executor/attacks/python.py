"""Node's walls around this machine's Python, which can make any system call."""

import os
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from executor.runtimes import libraries, node, root
from executor.sandbox.launcher import Policy
from executor.sandbox.policy import Access, Grant

# The parts of the standard library that a hostile program or the interpreter's start needs.
_PACKAGES = ("collections", "ctypes", "encodings", "importlib", "json", "re")


def policy(data: Path, guest: Mapping[str, Path]) -> Policy:
    """`guest` are files by their place inside; /rt/main.py is run."""
    program = Path(sys.executable).resolve()
    standard = Path(sysconfig.get_path("stdlib"))
    modules = sorted((standard / "lib-dynload").glob("*.so"))
    sources = [
        *standard.glob("*.py"),
        *(path for name in _PACKAGES for path in (standard / name).rglob("*.py")),
    ]
    files = {str(path): path for path in (program, *modules, *sources)}
    files |= libraries.needed(program, [path for path in modules if path.name.startswith("_ctypes.")])
    place = root.prepare(data / "roots", "python", root.Content({**files, **guest}, {}, ["/tmp"]))  # noqa: S108 - the sandbox's own
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
