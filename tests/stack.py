"""The real thing for tests: `manage.py serve --demo` on a free port, spoken to over HTTP only."""

import atexit
import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any, Self

import httpx

ROOT = Path(__file__).parents[1]
DATABASE = "webtasks.sqlite3"


def free_port() -> int:
    """Free now and likely later: from below those that the kernel gives to outgoing connections (32,768 and up)."""
    while True:
        port = secrets.choice(range(16_384, 32_768))
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@cache
def _tables() -> Path:
    """A database with all tables and nothing in them. To make one takes seconds, and two dozen servers start anew."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    settings = {**os.environ, "WEBTASKS_DATA": str(folder)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=settings, check=True)
    return folder / DATABASE


@dataclass
class Stack:
    """A running server and what its banner said."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    log: Path
    banner: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, data: Path, *, port: int | None = None, first: bool = False, **env: str) -> Self:
        """With `first` it makes its tables itself, as on a machine of a person's own. Returns when the server says it is serving. Raises RuntimeError with its log when it ends before."""
        port = port or free_port()
        data.mkdir(parents=True, exist_ok=True)
        if not first and not (data / DATABASE).exists():
            shutil.copy(_tables(), data / DATABASE)
        log = data / "server.log"
        settings = {"WEBTASKS_DATA": str(data), "WEBTASKS_PORT": str(port), **env}
        with log.open("a") as stderr:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--demo"],
                cwd=ROOT,
                env={**os.environ, **settings},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )
        stack = cls(process, port, data, log)
        stack._read_banner()
        return stack

    def _read_banner(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.banner.append(line.rstrip("\n"))
            if line.startswith("  Try "):
                break
        else:
            self.process.stdout.close()
            self.process.wait()
            raise RuntimeError(
                f"the server ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}"
            )
        # Whatever it prints later must not fill the pipe and stop it.
        threading.Thread(target=self._read_on, args=(self.process.stdout,), daemon=True).start()

    def _read_on(self, stdout: IO[str]) -> None:
        with stdout:
            self.banner.extend(line.rstrip("\n") for line in stdout)

    def said(self, word: str) -> str:
        """What follows `word` in the banner."""
        return next(line.split(None, 1)[1] for line in self.banner if line.startswith(f"  {word}"))

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def team_host(self) -> str:
        return f"acme.localhost:{self.port}"

    @property
    def email(self) -> str:
        return "demo@example.com"

    @property
    def password(self) -> str:
        found = re.search(r"password (\S+)", "\n".join(self.banner))
        assert found, self.banner
        return found.group(1)

    @property
    def token(self) -> str:
        return self.said("Token").strip()

    def adhoc(self, code: str, *, team: str = "acme", path: str = "", **kwargs: object) -> httpx.Response:
        """Runs code the way the seed's curl does, form content type and all."""
        headers = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/x-www-form-urlencoded",
        }
        url = f"{self.url}/api/run/{team}{path}"
        return httpx.post(url, content=code, headers=headers, timeout=60, **kwargs)  # type: ignore[arg-type]

    def stop(self, *, how: signal.Signals = signal.SIGINT, within: float = 15) -> int:
        """Sends the signal and returns the exit code. Raises subprocess.TimeoutExpired."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(within)


def ended(location: str) -> Any:
    """Of a request that is not waited for: what became of it in the end, asked as a caller does, however long."""
    while (told := httpx.get(location).json())["state"] in {"queued", "running"}:
        time.sleep(0.05)
    return told


class Member:
    """A signed-in person, by the same form and session cookie a browser uses."""

    def __init__(self, stack: Stack, email: str, password: str) -> None:
        self.stack = stack
        self.http = httpx.Client(base_url=stack.url, timeout=60, headers={"referer": stack.url})
        form = self.http.get("/signin").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token, form
        answer = self.http.post(
            "/signin", data={"login": email, "password": password, "csrfmiddlewaretoken": token.group(1)}
        )
        assert answer.status_code == 302, answer.text

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def api(self, method: str, path: str, **kwargs: object) -> httpx.Response:
        headers = {"x-csrftoken": self.http.cookies["webtasks_csrf"], **kwargs.pop("headers", {})}  # type: ignore[dict-item]
        return self.http.request(method, f"/api/teams/acme/webtasks{path}", headers=headers, **kwargs)  # type: ignore[arg-type]

    def team_limits(self, **limits: int | None) -> None:
        answer = self.http.patch(
            "/api/teams/acme/limits", json=limits, headers={"x-csrftoken": self.http.cookies["webtasks_csrf"]}
        )
        assert answer.status_code == 200, answer.text

    def save(self, name: str, code: str, files: dict[str, str] | None = None) -> str:
        """Saves the caller's draft over whatever it was; returns its etag."""
        task = self.api("GET", f"/{name}").json()
        draft = task["draft"]
        guard = {"if-match": f'"{draft["etag"]}"'} if draft["etag"] else {"if-none-match": "*"}
        base = task["live"]["number"] if task["live"] else None
        answer = self.api(
            "PUT", f"/{name}/draft", json={"code": code, "files": files or {}, "base": base}, headers=guard
        )
        assert answer.status_code == 200, answer.text
        etag: str = answer.json()["etag"]
        return etag

    def publish(
        self, name: str, code: str, message: str = "", *, files: dict[str, str] | None = None
    ) -> dict[str, object]:
        """Creates the webtask when it is new, then publishes `code` as its next version."""
        if self.api("GET", f"/{name}").status_code == 404:
            created = self.api("POST", "", json={"name": name})
            assert created.status_code == 201, created.text
        etag = self.save(name, code, files)
        answer = self.api("POST", f"/{name}/publish", json={"message": message, "etag": etag})
        assert answer.status_code == 201, answer.text
        result: dict[str, object] = answer.json()
        return result
