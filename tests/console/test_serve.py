"""`manage.py serve --only console`: the process, its banner, its end. With an executor: tests/serve."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.console.test_settings import manage
from tests.stack import ROOT, free_port


class Served:
    """A console of its own, spoken to over its unix socket."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data, self.port = data, free_port()
        self.errors = data.parent / "stderr"
        with self.errors.open("a") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--only", "console", *arguments],
                cwd=ROOT,
                env={"PATH": "/usr/bin:/bin", "WEBTASKS_DATA": str(data), "WEBTASKS_PORT": str(self.port)},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout is not None
        self.stdout = self.process.stdout
        self.banner: list[str] = []

    def wait_for(self, last: str) -> "Served":
        for line in self.stdout:
            self.banner.append(line.rstrip("\n"))
            if line.startswith(last):
                return self
        raise AssertionError(self.errors.read_text())

    def client(self, **headers: str) -> httpx.Client:
        transport = httpx.HTTPTransport(uds=str(self.data / "run" / "console.sock"))
        return httpx.Client(transport=transport, base_url="http://localhost", headers=headers, timeout=20)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(20)


@pytest.fixture
def serve(tmp_path):
    started = []

    def serve(*arguments):
        served = Served(tmp_path / "data", *arguments)
        started.append(served)
        return served

    yield serve
    for served in started:
        served.stop(signal.SIGKILL)
        served.stdout.close()


def test_the_first_start_prints_all_a_newcomer_needs_and_the_second_no_password(serve):
    first = serve("--demo").wait_for("  Try ")
    words = [line.split()[0] for line in first.banner]
    assert words == ["Webtasks", "Console", "Sign", "Token", "Webtask", "Try"]
    assert first.banner[1] == f"  Console   http://localhost:{first.port}"
    assert first.banner[2].startswith("  Sign in   demo@example.com  password ")
    assert first.banner[4] == f"  Webtask   http://acme.localhost:{first.port}/hello"
    password, token = first.banner[2].split()[-1], first.banner[3].split()[-1]
    assert f'-H "Authorization: Bearer {token}"' in first.banner[5]
    assert first.stop() == 0

    second = serve("--demo").wait_for("  Try ")
    assert password not in "\n".join(second.banner)
    assert "manage.py changepassword demo@example.com" in second.banner[2]
    assert second.banner[3].split()[-1] == token
    assert second.stop(signal.SIGTERM) == 0


def test_it_serves_the_demo_to_an_executor(serve):
    served = serve("--demo").wait_for("  Try ")
    token = (served.data / "node_token").read_text()
    with served.client(authorization=f"Bearer {token}") as node:
        deployment = node.get("/internal/deployments/acme/hello").json()
        assert deployment["label"] == "v1"
        leave = node.post("/internal/leave", json={"team": "acme", "token": served.banner[3].split()[-1]})
        assert leave.json()["template"]["label"] == "adhoc"
    assert served.stop() == 0


def test_pages_api_and_files_are_served(serve):
    served = serve("--demo").wait_for("  Try ")
    with served.client() as anyone:
        assert anyone.get("/").status_code == 200
        assert anyone.get("/api/schema").status_code == 200
        assert anyone.get("/api/teams/acme/webtasks").status_code == 401
        assert anyone.get("/static/web/icon.svg").headers["content-type"] == "image/svg+xml"
        assert anyone.get("/nothing").status_code == 404
        assert anyone.get("/", headers={"host": "evil.com"}).status_code == 400
    # Nobody else on the machine can reach the socket.
    assert stat.S_IMODE((served.data / "run").stat().st_mode) == 0o700


def test_without_migrations_it_says_what_to_do(serve):
    served = serve()
    assert served.process.wait(30) == 1
    assert "manage.py migrate" in served.errors.read_text()


def test_without_the_demo_it_says_where_it_is(serve, tmp_path):
    assert manage("migrate", "-v0", WEBTASKS_DATA=str(tmp_path / "data")).returncode == 0
    served = serve().wait_for("  Console ")
    assert served.banner == [
        f"Webtasks {settings.VERSION} is serving.",
        f"  Console   http://localhost:{served.port}",
    ]
    assert served.stop() == 0


def test_two_on_one_folder_are_refused(serve):
    serve("--demo").wait_for("  Try ")
    second = serve("--demo")
    assert second.process.wait(30) == 1
    assert "Another server is running" in second.errors.read_text()


def test_after_a_kill_it_starts_again(serve):
    first = serve("--demo").wait_for("  Try ")
    first.process.kill()
    first.process.wait()
    second = serve("--demo").wait_for("  Try ")
    with second.client() as anyone:
        assert anyone.get("/signin").status_code == 200
    assert second.stop() == 0
