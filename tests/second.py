"""A second team, mallory, on a running server: what she may do to the first is what many tests are about."""

import os
import subprocess
import sys

import httpx

from tests.stack import ROOT, Stack

_MAKE = """
from console.accounts import tokens
from console.accounts.actions import create_team, create_user, issue_token
from console.accounts.audit import SYSTEM
user = create_user("mallory@example.com", password="mallory-breaks-in", actor=SYSTEM)
team = create_team("mallory", "Mallory", owner=user, actor=SYSTEM)
print(tokens.sign(issue_token(team, "attack", actor=SYSTEM).claims))
"""


def second_team(stack: Stack) -> str:
    """A token that runs her code."""
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", _MAKE],
        cwd=ROOT,
        env={**os.environ, "WEBTASKS_DATA": str(stack.data), "WEBTASKS_PORT": str(stack.port)},
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip().splitlines()[-1]


def run_as(stack: Stack, token: str, code: str, *, team: str = "mallory") -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/x-www-form-urlencoded"}
    return httpx.post(f"{stack.url}/api/run/{team}", content=code, headers=headers, timeout=60)
