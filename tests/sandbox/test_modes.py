"""Hosts that let nobody make a namespace: the walls that are left, for root of a container and for anyone else."""

import asyncio
import json
import os
import signal
import sys

import pytest

from executor.attacks.leaning import ON_A_ROOT, ON_NAMESPACES, leans
from executor.attacks.program import programs
from executor.sandbox.modes import CONTAINER, RESTRICTED
from tests.sandbox.person import PROJECT

ACCEPTED = "user,mount"
# Some twenty programs at a time: one process of the tests waits for them.
PARTS = 10
# The groups whose walls the weakest mode stands on most; the others have been tried in the mode above it.
CLOSEST = {"processes", "privileges", "kernel", "files"}


async def hemmed(data, *command, accepted=""):
    """What a module says on a host without namespaces, and its exit code."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.sandbox.hemmed", *command),
        cwd=PROJECT,
        env={**os.environ, "WEBTASKS_DATA": str(data), "WEBTASKS_ACCEPT_WEAKER": accepted},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert output, errors.decode()
    return process.returncode, output.decode()


def leave():
    """What this kind of user has to accept."""
    return "" if os.geteuid() == 0 else ACCEPTED


async def test_the_doctor_names_the_mode_and_what_stands_in(data):
    code, said = await hemmed(data, "executor", "doctor", "--json")
    report = json.loads(said)
    states = {layer["name"]: layer["state"] for layer in report["layers"]}
    if os.geteuid() == 0:
        assert (code, report["mode"], report["serves"]) == (0, "container", True)
        assert {states[name] for name in ("user", "mount", "pid", "net", "ipc", "uts", "cgroup")} == {
            "weaker"
        }
        assert {states[name] for name in ("landlock", "seccomp", "seal", "identity")} == {"active"}
    else:
        assert (code, report["mode"], report["serves"]) == (1, "restricted", False)
        assert {name for name, state in states.items() if state == "missing"} == {"user", "mount"}


async def test_the_weakest_mode_serves_when_both_layers_are_accepted_by_name(data):
    code, said = await hemmed(data, "executor", "doctor", "--json", accepted=ACCEPTED)
    report = json.loads(said)
    assert (code, report["serves"]) == (0, True), report
    assert [layer["name"] for layer in report["layers"] if layer["accepted"]] == (
        [] if os.geteuid() == 0 else ["user", "mount"]
    )


def telling():
    """The names of programs that say something of the walls here."""
    if os.geteuid() == 0:
        return [it.name for it in programs() if not leans(it, CONTAINER)]
    return [it.name for it in programs() if it.group in CLOSEST and not leans(it, RESTRICTED)]


@pytest.mark.parametrize("part", range(PARTS))
async def test_hostile_programs_end_as_behind_namespaces(data, part):
    names = telling()[part::PARTS]
    code, said = await hemmed(data, "executor", "attack", "--json", *names, accepted=leave())
    results = [json.loads(line) for line in said.splitlines()]
    failed = [result for result in results if not result["passed"]]
    assert failed == [], failed
    assert (code, len(results)) == (0, len(names))


def test_programs_that_lean_on_namespaces_are_known_and_a_minority():
    names = {program.name for program in programs()}
    assert names > ON_NAMESPACES | ON_A_ROOT
    assert len(ON_NAMESPACES | ON_A_ROOT) < len(names) / 2


async def test_neighbours_are_strangers_and_leave_nothing(data):
    _, said = await hemmed(data, "tests.sandbox.jailed", str(data), accepted=leave())
    seen = json.loads(said)
    first, second = seen["told"]
    saw = seen["saw"]
    assert saw["own"] == "mine"
    assert saw["theirs"] in {"ENOENT", "EACCES"}
    assert (saw["loopback"], saw["signal"]) == ("EAFNOSUPPORT", "EPERM")
    assert seen["filled"] == [signal.SIGKILL, True]
    assert seen["left"] == []
    if os.geteuid() == 0:
        assert seen["mode"] == "container"
        assert first["uid"] != second["uid"]
        assert min(first["uid"], second["uid"]) >= 200_000
        assert (first["home"], first["name"], saw["chmod"]) == ("/tmp", "webtask", "done")
        # Local sockets may be made; the host's have no path inside.
        assert saw["path"] == "ENOENT"
    else:
        assert seen["mode"] == "restricted"
        assert {first["uid"], second["uid"]} == {os.geteuid()}
        assert first["home"] != second["home"]
        assert (saw["chmod"], saw["path"]) == ("EPERM", "EAFNOSUPPORT")
