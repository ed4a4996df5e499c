"""The published clients as programs: run by the project's own Node, with a home directory of their own."""

import json
import os
import re
import select
import shlex
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from executor.runtimes.node import binary

HERE = Path(__file__).parent
WT = HERE / "node_modules" / "wt-cli" / "bin" / "wt"
PATIENCE = 60


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The last thing printed; what it is about to do, the client says before, on the same stream."""
        start = re.search(r'^[\[{"t]', self.out, re.MULTILINE)
        assert start, self.out
        return json.loads(self.out[start.start() :])

    @property
    def rows(self) -> dict[str, str]:
        """Lines of the form `Name:   value`."""
        return dict(re.findall(r"^([\w.]+):\s+(.*)$", self.out, re.MULTILINE))


class Client:
    """`home` holds the client's profiles, its files, and a pipe that says what it opens in the browser."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self.home = home
        self._host: Host | None = None
        self._opened = home / "opened"
        os.mkfifo(self._opened)
        browser = home / "browser"
        browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" > {self._opened}\n')
        browser.chmod(0o755)
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "BROWSER": str(browser),
            "NO_UPDATE_NOTIFIER": "1",
            "NODE_COMPILE_CACHE": str(home.parent / "compiled"),
            "NODE_OPTIONS": f"--no-warnings --require={HERE / 'network.js'}",
            **environment,
        }

    def write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def auth0(self, command: str) -> Said:
        """The other program of wt-cli."""
        return self.wt(command, program=WT.with_name("auth0"))

    def wt(self, command: str, *arguments: str, code: int = 0, stdin: str = "", program: Path = WT) -> Said:
        """Runs `wt` to its end, which must be `code`. `command` is split as a shell does; `arguments` follow it."""
        argv = [*shlex.split(command), *arguments]
        self._host = self._host or Host(self.home, self._environment)
        said = self._host.run({"program": str(program), "argv": argv, "input": stdin})
        assert said.code == code, said
        return said

    def close(self) -> None:
        if self._host:
            self._host.close()

    def start(self, command: str, *arguments: str) -> "Running":
        """Runs `wt` beside the test, for the commands that go on until they are stopped."""
        argv = [str(binary()), str(WT), *shlex.split(command), *arguments]
        return Running(argv, self.home, self._environment)

    def node(self, script: Path, *arguments: str) -> Any:
        """Runs a script with the packages beside it; what it prints is JSON."""
        argv = [str(binary()), str(script), *arguments]
        done = subprocess.run(
            argv,
            capture_output=True,
            text=True,
            cwd=self.home,
            env=self._environment,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def opened(self) -> str:
        """The URL that the client opens in a browser: it may yet be about to."""
        descriptor = os.open(self._opened, os.O_RDWR)
        try:
            ready, _, _ = select.select([descriptor], [], [], PATIENCE)
            assert ready, "no browser was opened"
            return os.read(descriptor, 65_536).decode().strip()
        finally:
            os.close(descriptor)


class Host:
    """Runs commands to their end in one process (host.js)."""

    def __init__(self, cwd: Path, environment: Mapping[str, str]) -> None:
        argv = [str(binary()), str(HERE / "host.js")]
        self._process = subprocess.Popen(
            argv, cwd=cwd, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, command: Mapping[str, Any]) -> Said:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(command) + "\n")
        stdin.flush()
        return Said(**json.loads(stdout.readline()))

    def close(self) -> None:
        self._process.communicate(timeout=PATIENCE)


class Running:
    def __init__(self, argv: list[str], cwd: Path, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            argv, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )  # fmt: skip
        self._text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def says(self, pattern: str, *, within: float = PATIENCE) -> re.Match[str]:
        """Waits until what it has printed so far matches. Raises TimeoutError or EOFError, with what it printed."""
        while (found := re.search(pattern, self._text)) is None:
            self._read(within)
        return found

    def _read(self, within: float) -> None:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], within)
        if not ready:
            raise TimeoutError(self._text)
        piece = os.read(self.process.stdout.fileno(), 65_536)
        if not piece:
            raise EOFError(self._text)
        self._text += re.sub(r"\x1b\[\d*m", "", piece.decode())

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Sends the signal, unless it has ended; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(PATIENCE)
