"""`executor doctor` on this host, as root and as whoever else runs the tests."""

import json
import os
import platform
import subprocess
import sys

import pytest

from executor.doctor import Doctor
from executor.sandbox.layers import LAYERS
from tests.stack import ROOT


def doctor(data, *arguments, **env):
    return subprocess.run(
        [sys.executable, "-m", "executor", "doctor", *arguments],
        cwd=ROOT,
        env={**os.environ, "WEBTASKS_DATA": str(data), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_layer_is_reported_with_what_it_keeps_and_the_host_serves(tmp_path):
    ran = doctor(tmp_path, "--json")
    report = json.loads(ran.stdout)
    assert (ran.returncode, report["serves"], ran.stderr) == (0, True, "")
    assert [layer["name"] for layer in report["layers"]] == list(LAYERS)
    assert all(layer["keeps"] for layer in report["layers"])
    assert report["mode"] in {"root", "unprivileged"}
    assert report["kernel"]["release"] == os.uname().release


def test_a_runtime_ran_behind_the_walls_and_its_calls_are_counted(tmp_path):
    runtimes = json.loads(doctor(tmp_path, "--json").stdout)["runtimes"]
    assert runtimes["node"]["version"].startswith("24.")
    assert runtimes["python"]["version"] == platform.python_version()
    for runtime in runtimes.values():
        assert runtime["trouble"] == ""
        assert runtime["total"] == runtime["allowed"] + runtime["checked"] + 1
        assert runtime["deadly"] > 40


def test_a_person_reads_one_line_a_layer_and_the_verdict(tmp_path):
    lines = doctor(tmp_path).stdout.splitlines()
    for name, layer in LAYERS.items():
        assert any(name in line and layer.keeps in line for line in lines), name
    assert lines[-1] == "The executor serves."


@pytest.fixture
def poor(monkeypatch):
    """A host that lost its Landlock between two looks."""
    from executor.sandbox import survey

    look = survey.look

    async def look_again():
        host = await look()
        return survey.Survey(mode=host.mode, findings={**host.findings, "landlock": "gone"}, kernel={})

    monkeypatch.setattr(survey, "look", look_again)


def test_a_host_that_lacks_a_layer_is_refused_and_told_the_remedy(tmp_path, background, poor):
    report = background.run(Doctor(tmp_path, frozenset()).report())
    (layer,) = [it for it in report.layers if it.name == "landlock"]
    assert (layer.state, layer.accepted, report.serves) == ("missing", False, False)
    text = report.text()
    assert "MISSING  landlock" in text
    assert "remedy  landlock: Use a Linux kernel" in text
    assert text.splitlines()[-1] == "The executor REFUSES to serve."


def test_an_accepted_layer_is_plainly_shown_as_done_without(tmp_path, background, poor):
    report = background.run(Doctor(tmp_path, frozenset({"landlock"})).report())
    assert report.serves
    assert "without  landlock" in report.text()
