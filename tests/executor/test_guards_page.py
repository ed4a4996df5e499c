"""What docs/guards.md tells people to type does what it says."""

import os
import re
import subprocess

import pytest

from tests.executor.guarded import Guarded
from tests.executor.test_private import issue
from tests.stack import ROOT, Member

PAGE = (ROOT / "docs" / "guards.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
# Instead of the whole answer, its status.
CURL = "curl() { command curl -s -o /dev/null -w '%{http_code}\\n' \"$@\"; }\n"


@pytest.fixture(scope="module")
def env(owner: Member) -> dict[str, str]:
    webtask = Guarded(owner, "as-documented")
    task = f"{owner.stack.url}/api/teams/acme/webtasks/as-documented"
    return {**os.environ, "TASK": task, "URL": webtask.url, "KEY": issue(owner, "api")[0]}


def test_the_examples_answer_what_their_comments_say(env):
    """In their order: each stands on the one before it."""
    said, expected = [], []
    for block in BLOCKS:
        ran = subprocess.run(
            ["bash", "-euc", CURL + block], env=env, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, (block, ran.stderr)
        said += ran.stdout.split()
        commands = [line for line in block.replace("\\\n", " ").splitlines() if line.startswith("curl ")]
        expected += [(re.findall(r"# (\d{3})$", line) or ["200"])[0] for line in commands]
    assert len(BLOCKS) == 5
    assert said == expected
