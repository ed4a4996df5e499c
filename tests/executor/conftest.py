import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.executor.limited import Limited
from tests.stack import ROOT, Member, Stack

_MAKE = """
from console.accounts.actions import add_member, create_team, create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import Team
team = Team.objects.get(slug="acme")
for name in ("operator", "viewer", "outside", "shared"):
    user = create_user(f"{name}@private.example", password="let-them-in-please", actor=SYSTEM)
    if name in ("operator", "viewer"):
        add_member(team, user, name, actor=SYSTEM)
create_team("elsewhere", "Elsewhere", owner=user, actor=SYSTEM)
"""


@pytest.fixture
def limited(owner: Member, request: pytest.FixtureRequest) -> Callable[..., Limited]:
    """Named after the test: no two share a worker."""

    def make(code: str, **limits: int) -> Limited:
        name = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_"))[:50].strip("-")
        return Limited(owner, name, code, limits)

    return make


@pytest.fixture(scope="session")
def people(stack: Stack) -> Iterator[dict[str, Member]]:
    """An operator and a viewer of the team, somebody outside, and somebody outside that it will be shared with."""
    env = {**os.environ, "WEBTASKS_DATA": str(stack.data), "WEBTASKS_PORT": str(stack.port)}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", _MAKE], cwd=ROOT, env=env, check=True
    )
    names = ("operator", "viewer", "outside", "shared")
    made = {name: Member(stack, f"{name}@private.example", "let-them-in-please") for name in names}
    yield made
    for member in made.values():
        member.http.close()
