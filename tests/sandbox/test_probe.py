"""What is made of a probe's findings."""

import re
import subprocess
import sys

import pytest

from executor.sandbox import isolated, probe, survey
from executor.sandbox.errors import SandboxUnavailable
from executor.sandbox.layers import LAYERS
from executor.sandbox.policy import ALL_NAMESPACES
from executor.sandbox.survey import Survey

FINE = dict.fromkeys(LAYERS)


def judged(findings, *accepted, wanted=ALL_NAMESPACES, mode="root"):
    host = Survey(mode=mode, findings=findings, kernel={})
    return {it.name: it for it in survey.judge(host, wanted=wanted, accepted=frozenset(accepted))}


def test_a_host_with_everything_has_every_layer_active():
    standings = judged(FINE)
    assert {name: it.state for name, it in standings.items()} == dict.fromkeys(LAYERS, "active")
    assert {(it.reason, it.remedy) for it in standings.values()} == {("", "")}
    survey.require(standings.values())


def test_an_accepted_layer_is_shown_with_the_reason_why_it_is_missing():
    standings = judged({**FINE, "landlock": "it is off"}, "landlock")
    it = standings["landlock"]
    assert (it.state, it.reason, it.accepted) == ("missing", "it is off", True)
    assert standings["seccomp"].state == "active"
    survey.require(standings.values())


def test_accepting_a_layer_that_is_there_does_not_switch_it_off():
    assert judged(FINE, "seccomp")["seccomp"].state == "active"


def test_the_first_missing_layer_is_named():
    with pytest.raises(SandboxUnavailable, match=re.escape("'pid' is not available: no")):
        survey.require(judged({**FINE, "seal": "no", "pid": "no"}).values())


def test_a_missing_layer_says_how_to_get_it_and_how_to_go_without():
    remedy = judged({**FINE, "net": "no"})["net"].remedy
    assert LAYERS["net"].remedy in remedy
    assert "WEBTASKS_ACCEPT_WEAKER" in remedy


def test_a_namespace_the_policy_does_not_ask_for_may_be_missing():
    assert "net" not in judged({**FINE, "net": "no"}, wanted=ALL_NAMESPACES - {"net"})


def test_in_a_container_something_stands_in_for_every_namespace():
    standings = judged({**FINE, **dict.fromkeys(ALL_NAMESPACES, "refused")}, mode="container")
    assert {standings[name].state for name in ALL_NAMESPACES} == {"weaker"}
    assert all("instead: " in standings[name].reason for name in ALL_NAMESPACES)
    survey.require(standings.values())


def test_for_an_ordinary_user_nothing_stands_in_for_identity_and_root():
    findings = {**FINE, **dict.fromkeys(ALL_NAMESPACES, "refused")}
    standings = judged(findings, mode="restricted")
    assert {name for name, it in standings.items() if it.refuses} == {"user", "mount"}
    survey.require(judged(findings, "user", "mount", mode="restricted").values())


def test_a_layer_that_is_only_a_backstop_refuses_nobody():
    standings = judged({**FINE, "quota": "none here"})
    assert (standings["quota"].state, standings["quota"].reason) == ("weaker", "none here")
    survey.require(standings.values())


def test_another_machine_is_refused(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(SandboxUnavailable, match="'platform' is not available"):
        survey.require(judged(probe.probe(), *LAYERS).values())


@pytest.mark.parametrize("module", ["probe", "zygote"])
def test_probe_and_zygote_import_the_standard_library_and_their_own_package_only(module):
    foreign = {name.split(".")[0] for name in loaded(module)} - sys.stdlib_module_names - {"executor"}
    assert foreign == {"__main__"}
    assert all(name.startswith("executor.sandbox") for name in loaded(module) if "executor." in name)


def test_the_zygote_is_spared_the_event_loop_and_the_probe():
    assert loaded("zygote").isdisjoint({"asyncio", "executor.sandbox.launcher", "executor.sandbox.probe"})
    assert "asyncio" not in loaded("probe")


def loaded(module: str) -> set[str]:
    """What a process that imports it holds."""
    source = (
        f"import sys; sys.path.insert(0, sys.argv[1]); import executor.sandbox.{module}; print(*sys.modules)"
    )
    command = [sys.executable, "-I", "-S", "-E", "-c", source, isolated.command("x")[-1]]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
