"""The installation's key is replaced while people and webtasks go on: what an operator does, with a real server."""

import os
import re
import subprocess
import sys
import time

import httpx
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.stack import ROOT, Member, Stack

SEED = "JBSWY3DPEHPK3PXP"
CODE = "module.exports = (ctx, cb) => cb(null, ctx.secrets);"
# As the page for it does.
FACTOR = """
from allauth.mfa.totp.internal.auth import TOTP
from console.accounts.models import User
TOTP.activate(User.objects.get(email="demo@example.com"), "%s")
"""


@pytest.fixture
def manage(tmp_path):
    """Runs a command with the server's data; returns its code and what it said."""

    def manage(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, "WEBTASKS_DATA": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return manage


@pytest.fixture
def restart(tmp_path):
    """Stops the server, if there is one, and starts it with the same data and port."""
    running: list[Stack] = []

    def restart() -> Stack:
        port = running[-1].port if running else None
        if running:
            assert running[-1].stop() == 0
        running.append(Stack.start(tmp_path / "data", port=port))
        return running[-1]

    yield restart
    running[-1].stop()


def sign_in_with_code(stack: Stack, password: str) -> None:
    """Password, then the code of the moment; it may change between here and there."""
    with httpx.Client(base_url=stack.url, headers={"referer": stack.url}, timeout=60) as http:

        def post(path: str, **fields: str) -> httpx.Response:
            form = http.get(path).text
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
            assert found, form
            return http.post(path, data={**fields, "csrfmiddlewaretoken": found.group(1)})

        assert post("/signin", login=stack.email, password=password).headers["location"] == "/signin/code"
        codes = (format_hotp_value(hotp_value(SEED, int(time.time()) // 30)) for _ in range(2))
        assert any(post("/signin/code", code=code).status_code == 302 for code in codes)
        assert http.get("/account").status_code == 200


@pytest.mark.timeout(300)  # three starts and five commands
def test_a_key_is_replaced_and_the_old_one_dropped(tmp_path, restart, manage):
    stack = restart()
    password, url = stack.password, f"{stack.url}/api/run/acme/keeper"
    with Member(stack, stack.email, password) as before:
        before.publish("keeper", CODE)
        assert (
            before.api("PATCH", "/keeper/secrets", json={"secrets": {"KEY": "s3cret-value"}}).status_code
            == 200
        )
        old_token = stack.token
        assert httpx.get(url).json() == {"KEY": "s3cret-value"}
        assert manage("shell", "-c", FACTOR % SEED)[0] == 0

        # A new key is no reason for anything to stop, before the restart and after it.
        assert manage("rotate_keys", "--new")[0] == 0
        code, told = manage("rotate_keys")
        assert (code, "Restart it" in told) == (1, True)
        assert httpx.get(url).json() == {"KEY": "s3cret-value"}
        stack = restart()
        assert httpx.get(url).json() == {"KEY": "s3cret-value"}

        code, told = manage("rotate_keys")
        assert (code, "secrets of webtasks: 1, 1 sealed anew" in told) == (0, True), told
        assert manage("rotate_keys", "--check")[0] == 0
        # While the old one is there, who signed in with it stays, and becomes a session of the new one.
        assert before.http.get("/account").status_code == 200
        assert stack.adhoc("module.exports = cb => cb(null, 1)").text == "1"

        (tmp_path / "data" / "secret_key_fallbacks").unlink()
        stack = restart()
        assert httpx.get(url).json() == {"KEY": "s3cret-value"}
        assert before.http.get("/account").status_code == 200
    sign_in_with_code(stack, password)
    refused = httpx.post(
        f"{stack.url}/api/run/acme",
        content="module.exports = cb => cb()",
        headers={"authorization": f"Bearer {old_token}"},
    )
    assert (refused.status_code, "untrusted key" in refused.text) == (403, True)
    assert "vault" not in stack.log.read_text()
