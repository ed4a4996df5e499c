"""A host that lacks a layer is refused by name, or used without it when an operator says so."""

import asyncio
import json
import os
import sys

from executor.sandbox.layers import LAYERS
from tests.sandbox.person import PROJECT

LACKING = ["pid", "net", "ipc", "uts", "cgroup", "landlock", "seccomp", "seal"]
BASIS = ["mount", "user"]
# Without a filter there is no seal either.
ALONG = {"seccomp": ["seal"]}


async def on_poor_hosts(data, cases):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.sandbox.strait",
        str(data),
        json.dumps(cases),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    return json.loads(output)


async def test_a_missing_layer_is_refused_by_name_with_reason_and_remedy(data):
    answers = await on_poor_hosts(data, [[name, []] for name in LACKING])
    assert [answer.get("layer") for answer in answers] == LACKING, answers
    assert all(answer["reason"] for answer in answers)
    assert all(answer["remedy"].startswith(LAYERS[answer["layer"]].remedy) for answer in answers)
    assert all("WEBTASKS_ACCEPT_WEAKER" in answer["remedy"] for answer in answers)


async def test_a_host_without_user_namespaces_left_is_refused(data):
    (answer,) = await on_poor_hosts(data, [["namespaces", []]])
    assert answer["layer"] == "user", answer
    assert "No space left" in answer["reason"], answer


async def test_it_is_done_without_when_accepted(data):
    cases = [(name, [name, *ALONG.get(name, [])]) for name in LACKING]
    answers = await on_poor_hosts(data, cases)
    for (name, accepted), answer in zip(cases, answers, strict=True):
        missing = [it for it, standing in answer["layers"].items() if standing == ["missing", True]]
        assert sorted(missing) == sorted(accepted), answer
        # What the missing layer kept harmless is refused by another one.
        connecting = {"net": "EAFNOSUPPORT", "landlock": "ENETUNREACH"}.get(name, "EACCES")
        killing = "EPERM" if name == "pid" else "allowed"
        assert (answer["code"], json.loads(answer["said"])) == (0, [connecting, killing]), (name, answer)


async def test_without_what_namespaces_rest_on_root_jails_and_others_are_refused(data):
    answers = await on_poor_hosts(data, [[name, []] for name in BASIS])
    if os.geteuid() == 0:
        assert [answer["mode"] for answer in answers] == ["container"] * 2, answers
        assert {answer["layers"][name][0] for answer in answers for name in BASIS} == {"weaker"}
    else:
        assert [answer["layer"] for answer in answers] == ["mount", "user"], answers


async def test_both_have_to_be_named_to_go_without_and_then_no_socket_is_left(data):
    if os.geteuid() == 0:
        return  # root jails instead
    one, both = await on_poor_hosts(data, [["mount", ["mount"]], ["mount", BASIS]])
    assert one["layer"] == "user", one
    assert (both["mode"], both["code"]) == ("restricted", 0), both
    assert json.loads(both["said"]) == ["EAFNOSUPPORT", "EPERM"]


async def test_where_landlock_and_the_filter_are_all_there_is_neither_can_be_accepted_away(data):
    everything = [*LACKING, *BASIS]
    answers = await on_poor_hosts(data, [[f"user+{name}", everything] for name in ("landlock", "seccomp")])
    assert [answer["layer"] for answer in answers] == ["landlock", "seccomp"], answers
