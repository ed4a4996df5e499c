"""Servers that are programs of this machine, run by a user that is nobody else's."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

# Databases refuse to be root, and to be a user without a name.
NOBODY = 65_534
PATIENCE = 60.0
# Not on the path of an ordinary user.
_PLACES = (
    "/usr/sbin",
    "/usr/local/sbin",
    *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True),
)


def program(name: str) -> str:
    """Raises FileNotFoundError with what to install."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_PLACES])
    found = shutil.which(name, path=path)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed: script/test installs it")
    return found


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """For such a server's data."""
    with tempfile.TemporaryDirectory(prefix="webtasks-server-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        if _other() is not None:
            os.chown(path, NOBODY, NOBODY)
        yield path


def own(path: Path) -> Path:
    """Gives a file to that user, who alone may read it."""
    path.chmod(0o600)
    if _other() is not None:
        os.chown(path, NOBODY, NOBODY)
    return path


def run(command: Sequence[str], place: Path, *, said: str = "") -> str:
    """What it answered to `said` on its standard input. Raises RuntimeError with that when it failed."""
    done = subprocess.run(
        [program(command[0]), *command[1:]],
        cwd=place,
        input=said,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        **_as_nobody(),
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return f"{done.stdout}{done.stderr}"


@contextlib.contextmanager
def running(command: Sequence[str], place: Path, *, ready: str, name: str | None = None) -> Iterator[None]:
    """A server, from the line in which it says that it is `ready`. `name` is what it is told to be called."""
    server = subprocess.Popen(
        [name or command[0], *command[1:]],
        executable=program(command[0]),
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **_as_nobody(),
    )
    assert server.stdout is not None
    reader = threading.Thread(target=server.stdout.read, daemon=True)
    try:
        said = _until(server.stdout, ready)
        if said is not None:
            raise RuntimeError(f"{command[0]} did not start:\n{said}")
        # Whatever it says later must not fill the pipe and stop it.
        reader.start()
        yield
    finally:
        server.kill()
        server.wait(PATIENCE)
        if reader.is_alive():
            reader.join()
        server.stdout.close()


def _until(lines: IO[str], ready: str) -> str | None:
    """None, or all that was said when the word never came."""
    said = ""
    for line in lines:
        said += line
        if ready in line:
            return None
    return said


def _other() -> int | None:
    return NOBODY if os.geteuid() == 0 else None


def _as_nobody() -> dict[str, Any]:
    return {} if _other() is None else {"user": NOBODY, "group": NOBODY, "extra_groups": []}
