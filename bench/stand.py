"""Our own server for a bench: the whole product, as its demo runs it, and what a bench fills it with."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.stack import ROOT, Stack

TEAM = "acme"
# Straight into the database: to publish each by the API would take longer than what is measured.
_DEFINE = """
import json, os
from console.accounts.actions import create_team, create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import Team
from console.webtasks.content import Content
from console.webtasks.models import Version, Webtask

given = json.loads(os.environ["BENCH_DEFINE"])
slug, codes = given["team"], given["codes"]
team = Team.objects.filter(slug=slug).first()
if team is None:
    owner = create_user(f"{slug}@example.com", password="only-for-a-bench", actor=SYSTEM)
    team = create_team(slug, slug.title(), owner=owner, actor=SYSTEM)
count = given["count"]
pairs = codes.items() if count is None else [(f"{name}{n}", code) for name, code in codes.items() for n in range(count)]
code_of = dict(pairs)
tasks = Webtask.objects.bulk_create([Webtask(team=team, name=name) for name in code_of], batch_size=500)
versions = [
    Version(webtask=task, number=1, code=code_of[task.name], digest=Content(code=code_of[task.name]).digest)
    for task in tasks
]
for task, version in zip(tasks, Version.objects.bulk_create(versions, batch_size=500)):
    task.live = version
Webtask.objects.bulk_update(tasks, ["live"], batch_size=200)
"""


@dataclass(frozen=True, slots=True)
class Stand:
    stack: Stack

    @property
    def port(self) -> int:
        return self.stack.port

    def path(self, name: str, team: str = TEAM) -> str:
        return f"/api/run/{team}/{name}"

    def url(self, name: str, team: str = TEAM) -> str:
        return f"http://127.0.0.1:{self.port}{self.path(name, team)}"

    def define(self, codes: dict[str, str], *, team: str = TEAM, count: int | None = None) -> None:
        """Published webtasks by their names, in a team that is made when it is new. With `count`: so many of each,
        whose names end with a number from 0.
        """
        given = json.dumps({"team": team, "codes": codes, "count": count})
        settings = {"WEBTASKS_DATA": str(self.stack.data), "WEBTASKS_PORT": str(self.port)}
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", _DEFINE],
            cwd=ROOT,
            env={**os.environ, **settings, "BENCH_DEFINE": given},
            check=True,
            capture_output=True,
        )

    def workers(self) -> list[int]:
        """The process ids of sandboxed Nodes, blank ones included."""
        found, below = [], [self.stack.process.pid]
        while below:
            pid = below.pop()
            with contextlib.suppress(OSError):  # it may end meanwhile
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                below += [int(child) for child in children]
                if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"/bin/node\0"):
                    found.append(pid)
        return found


@contextlib.contextmanager
def standing(data: Path, **env: str) -> Iterator[Stand]:
    stack = Stack.start(data / "stack", port=None, first=True, **env)
    try:
        yield Stand(stack)
    finally:
        stack.stop(within=30)
