"""Python: this executor's own interpreter, its standard library, its policy, its self-test."""

import json
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from executor.runtimes import libraries, root, selftest
from executor.runtimes.selftest import SelfTestFailed
from executor.runtimes.walls import ENVIRONMENT, ETC, RLIMITS, SCRATCH, TMPFS
from executor.sandbox.allowances import PYTHON
from executor.sandbox.policy import Access, Grant, Policy
from executor.sandbox.refusals import DEADLY, FORBIDDEN
from executor.sandbox.survey import Survey

ENTRY = "/rt/main.py"
_HOME = "/python"
_LIBRARIES = f"{_HOME}/libraries"
# No server needs these: the tests of Python, windows, installers, editors.
_LEFT_OUT = frozenset(
    {
        *("test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3", "pydoc_data"),
        *("site-packages", "dist-packages"),
    }
)

# Runs the parts of Python that lean on the walls being where they are, and pushes at each wall once.
SELF_TEST = """
import ctypes, hashlib, json, os, platform, sqlite3, ssl, threading
file = os.path.join(os.environ["TMPDIR"], "self-test")
thread = threading.Thread(target=lambda: open(file, "wb").write(hashlib.sha256(b"").digest()))
thread.start()
thread.join()
refused = 0
attempts = (lambda: os.listdir("/proc"), lambda: open("/rt/self-test", "w"), lambda: os.setuid(0), os.fork)
for attempt in attempts:
    try:
        attempt()
    except OSError:
        refused += 1
print(json.dumps([platform.python_version(), os.path.getsize(file), refused]))
"""


def prepare(data: Path, guest: Mapping[str, Path]) -> Path:
    """The root directory for this Python and `guest` (path inside, below /rt -> file), under `data`/roots.

    Python and its libraries get paths of their own inside, wherever this host keeps them.
    """
    program = Path(sys.executable).resolve()
    modules = sorted(_extensions().glob("*.so"))
    files = {f"{_HOME}/bin/python": program}
    for inner, path in libraries.needed(program, modules).items():
        # The loader has its path from the program; where it looks for the others we can say.
        loader = Path(inner).name.startswith("ld-")
        files[inner if loader else f"{_LIBRARIES}/{Path(inner).name}"] = path
    files |= {f"{_inner_extensions()}/{path.name}": path for path in modules}
    files |= {f"{_inner_library()}/{path}": _library() / path for path in _sources()}
    return root.prepare(data / "roots", "python", root.Content({**files, **guest}, ETC, ["/rt", SCRATCH]))


def policy(directory: Path, *, ports: tuple[int, ...] = ()) -> Policy:
    """`directory` is what prepare() returned."""
    return Policy(
        argv=(f"{_HOME}/bin/python", "-S", "-P", "-B", ENTRY),
        environment={
            **ENVIRONMENT,
            "LD_LIBRARY_PATH": _LIBRARIES,
            "PYTHONHOME": _HOME,
            # Not left to be found: distributions put compiled modules in different places.
            "PYTHONPATH": f"{_inner_library()}:{_inner_extensions()}:/rt",
        },
        root=directory,
        directory=SCRATCH,
        rules=(*PYTHON, *FORBIDDEN, *DEADLY),
        grants=(
            Grant(_HOME, Access.READ_EXECUTE, "Python and its libraries"),
            *(Grant(path, Access.READ_EXECUTE, "the loader of programs") for path in _loaders(directory)),
            Grant("/rt", Access.READ, "the guest"),
            Grant("/etc", Access.READ, "names and an empty OpenSSL configuration"),
            Grant(SCRATCH, Access.READ_WRITE, "scratch space"),
        ),
        rlimits=RLIMITS,
        ports=ports,
        tmpfs=TMPFS,
    )


async def self_test(
    directory: Path, *, accept_weaker: frozenset[str] = frozenset(), found: Survey | None = None
) -> str:
    """The version of Python. Raises SelfTestFailed, SpawnFailed or SandboxUnavailable."""
    walls = policy(directory)
    probing = replace(walls, argv=(*walls.argv[:-1], "-c", SELF_TEST))
    version, *rest = json.loads(await selftest.run(probing, accept_weaker=accept_weaker, found=found))
    if rest != [32, 4]:
        raise SelfTestFailed(f"Python {version} found its sandbox different: {rest}")
    return str(version)


def _library() -> Path:
    return Path(sysconfig.get_path("stdlib"))


def _extensions() -> Path:
    """The folder of the standard library's compiled modules."""
    configured = sysconfig.get_config_var("DESTSHARED")
    usual = Path(sysconfig.get_path("platstdlib")) / "lib-dynload"
    return usual if usual.is_dir() or not configured else Path(configured)


def _inner_library() -> str:
    return f"{_HOME}/lib/python{sys.version_info.major}.{sys.version_info.minor}"


def _inner_extensions() -> str:
    return f"{_inner_library()}/lib-dynload"


def _sources() -> list[Path]:
    """Relative to the library: what can be imported, and compiled already where this host has it so."""
    tag = sys.implementation.cache_tag
    found = (*_library().rglob("*.py"), *_library().rglob(f"*.{tag}.pyc"))
    inside = sorted(path.relative_to(_library()) for path in found)
    return [path for path in inside if not _LEFT_OUT.intersection(path.parts)]


def _loaders(directory: Path) -> list[str]:
    return [f"/{name}" for name in ("lib", "lib64", "usr") if (directory / name).is_dir()]
