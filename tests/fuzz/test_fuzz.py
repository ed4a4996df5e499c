"""A few seconds of fuzzing in every run of the suite; `script/fuzz` takes longer."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.__main__ import mutated
from tests.fuzz.targets import TARGETS
from tests.stack import ROOT

CORPUS = Path(__file__).parent / "corpus"
SECONDS = 2


def test_every_target_has_a_corpus_and_nothing_else_has():
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)


@pytest.mark.parametrize(
    "path", sorted(CORPUS.rglob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_what_was_found_once_stays_mended(path):
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks_a_reader(name, tmp_path):
    found = tmp_path / "found"
    found.mkdir()
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", name, str(SECONDS), str(found), str(CORPUS / name)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = re.search(r"stat::number_of_executed_units: (\d+)", run.stderr)
    assert (run.returncode, said is not None) == (0, True), run.stderr[-3000:]
    assert said is not None
    assert int(said.group(1)) > 100
    assert list(tmp_path.glob("crash-*")) == []


def test_mutation_stays_within_its_size():
    import random

    chance = random.Random(1)
    assert max(len(mutated(chance, b"x" * 8000)) for _ in range(200)) <= 8192
