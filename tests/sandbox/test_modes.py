"""Hosts that let nobody make a namespace: the walls that are left, for root of a container and for anyone else."""

import asyncio
import json
import os
import signal
import sys

from tests.sandbox.person import PROJECT

ACCEPTED = "user,mount"
# Attacks that end alike whether or not there are namespaces, with what stands in for those.
ALIKE = [
    "a_second_program_is_sealed",
    "becoming_root_is_refused",
    "buffer_bomb_runs_out_of_memory",
    "capabilities_are_gone",
    "devices_cannot_be_made",
    "directories_without_a_grant_are_fenced",
    "fork_bomb_is_refused",
    "infinite_loop_is_killed",
    "kernel_keys_are_deadly",
    "limits_cannot_be_raised",
    "odd_sockets_are_refused",
    "only_the_given_descriptors_are_open",
    "other_processes_cannot_be_signalled",
    "ptrace_is_deadly",
    "reading_other_memory_is_deadly",
    "shell_is_refused",
    "string_bomb_runs_out_of_memory",
    "the_walls_cannot_be_loosened",
    "threads_are_counted",
]
# With a root of its own a sandbox does not even find what it may not have.
ROOTED = [
    "environments_are_absent",
    "host_files_are_absent",
    "host_users_are_absent",
    "huge_sparse_files_are_refused",
    "proc_sys_and_dev_are_absent",
]


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


async def test_hostile_programs_end_as_behind_namespaces(data):
    names = [*ALIKE, *(ROOTED if os.geteuid() == 0 else [])]
    code, said = await hemmed(data, "executor", "attack", "--json", *names, accepted=leave())
    results = [json.loads(line) for line in said.splitlines()]
    assert [result for result in results if not result["passed"]] == []
    assert (code, len(results)) == (0, len(names))


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
