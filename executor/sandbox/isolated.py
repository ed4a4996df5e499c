"""How the package's own programs are started: away from the environment, site-packages and the terminal."""

import os
import sys
from pathlib import Path

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_BOOTSTRAP = "import sys; sys.path.insert(0, sys.argv[1]); from executor.sandbox.{} import main; main()"


def command(module: str, *arguments: str) -> list[str]:
    """An interpreter that knows the standard library and this project, and nothing a user can influence."""
    return [sys.executable, "-I", "-S", "-E", "-c", _BOOTSTRAP.format(module), str(_PACKAGE_ROOT), *arguments]


def environment() -> dict[str, str]:
    """Only what an unusually installed interpreter needs to start: no secret is there to be inherited."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
