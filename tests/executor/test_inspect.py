"""The console asks an executor to look at its walls again, over the real link."""

import pytest

from executor.doctor import Doctor
from executor.sandbox.errors import SandboxUnavailable
from executor.sandbox.layers import LAYERS
from tests.escape.test_drill import ask


def isolation(heard):
    (answer,) = [message for message in heard if message["t"] == "isolation"]
    return answer


def test_the_walls_are_probed_at_that_moment_and_told(background, tmp_path):
    answer = isolation(ask(background, tmp_path, {"t": "inspect", "run": "r1"}))
    report = answer["report"]
    assert (answer["run"], answer["error"], report["serves"]) == ("r1", "", True)
    assert {layer["name"] for layer in report["layers"]} == LAYERS.keys()
    assert report["runtimes"].keys() == {"node", "python"}
    assert report["kernel"]["cgroup"] in {"v1", "v2", "none"}


@pytest.fixture
def blind(monkeypatch):
    """A doctor who cannot look."""

    async def report(_doctor):
        raise SandboxUnavailable("platform", "the probe ended with 1", "Look at the log")

    monkeypatch.setattr(Doctor, "report", report)


def test_a_look_that_fails_is_told_with_the_last_report(background, tmp_path, blind):
    answer = isolation(ask(background, tmp_path, {"t": "inspect", "run": "r2"}))
    assert "the probe ended with 1" in answer["error"]
    assert answer["report"]["layers"] == []
