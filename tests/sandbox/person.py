"""A process of root's or of an ordinary user's in which tests run: the walls must be the same for both."""

import asyncio
import contextlib
import functools
import os
import subprocess
import sys
import sysconfig
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

import uvloop

PROJECT = Path(__file__).resolve().parents[2]
# No account is needed for a number to be a user.
ORDINARY = 54_321
NAMES = ("root", "ordinary") if os.geteuid() == 0 else ("ordinary",)
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Person:
    """`data` is a directory of its own."""

    name: str
    data: Path
    _line: Connection
    _process: "subprocess.Popen[bytes]"

    def run(self, function: Callable[..., Awaitable[Any]], **arguments: object) -> Any:
        """Runs it in the one event loop of that process. What it raises there is an AssertionError here."""
        self._line.send((function, arguments))
        assert self._line.poll(_PATIENCE), f"{function.__qualname__} hung"
        failure, result = self._line.recv()
        assert failure is None, f"as {self.name}:\n{failure}"
        return result

    def leave(self) -> None:
        self._line.close()
        self._process.wait(_PATIENCE)


def meet(name: str) -> Person:
    other = ORDINARY if name == "ordinary" and os.geteuid() == 0 else None
    data = Path(tempfile.mkdtemp(prefix=f"webtasks-{name}-"))
    if other is not None:
        os.chown(data, other, other)
    line, its = Pipe()
    process = subprocess.Popen(
        [python_for(other), "-m", "tests.sandbox.person", str(its.fileno())],
        cwd=PROJECT,
        env=environment(),
        pass_fds=[its.fileno()],
        user=other,
        group=other,
        extra_groups=None if other is None else [],
    )
    its.close()
    return Person(name, data, line, process)


@functools.cache
def python_for(user: int | None) -> str:
    """This interpreter; for a user who may not enter root's home, where it may live, the machine's own of its kind."""
    if user is None:
        return sys.executable
    own = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/{own}", f"/usr/local/bin/{own}"):
        with contextlib.suppress(OSError):
            tried = subprocess.run([candidate, "-c", ""], check=False, user=user, group=user, extra_groups=[])
            if tried.returncode == 0:
                return candidate
    raise FileNotFoundError(
        f"an ordinary user may not run {os.path.realpath(sys.executable)}: as root, apt-get install {own}"
    )


def environment() -> dict[str, str]:
    """With what this interpreter has installed, for one that stands in for it."""
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    path = dict.fromkeys([str(PROJECT), *filter(None, inherited), sysconfig.get_path("purelib")])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def _answer(runner: asyncio.Runner, function: Any, arguments: Any) -> tuple[str | None, Any]:
    try:
        return None, runner.run(function(**arguments))
    except BaseException:  # noqa: BLE001 - a failed assertion is as good an answer as any, and told to the other side
        return traceback.format_exc(), None


def _live(line: Connection) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        while True:
            try:
                function, arguments = line.recv()
            except EOFError:
                return
            line.send(_answer(runner, function, arguments))


if __name__ == "__main__":
    _live(Connection(int(sys.argv[1])))
