"""A host that lacks a layer is refused by name, or used without it when an operator says so."""

import asyncio
import json
import sys

from executor.sandbox.layers import LAYERS
from tests.sandbox.person import PROJECT

LACKING = ["mount", "user", "pid", "net", "ipc", "uts", "cgroup", "landlock", "seccomp", "seal"]
ACCEPTABLE = [name for name in LACKING if LAYERS[name].acceptable]
RESTS_ON = ["mount", "user"]
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
    assert [answer["remedy"].startswith(LAYERS[answer["layer"]].remedy) for answer in answers] == [True] * 10


async def test_a_host_without_user_namespaces_left_is_refused(data):
    (answer,) = await on_poor_hosts(data, [["namespaces", []]])
    assert answer["layer"] == "user", answer
    assert "No space left" in answer["reason"], answer


async def test_it_is_done_without_when_accepted(data):
    cases = [(name, [name, *ALONG.get(name, [])]) for name in ACCEPTABLE]
    answers = await on_poor_hosts(data, cases)
    for (name, accepted), answer in zip(cases, answers, strict=True):
        missing = [it for it, standing in answer["layers"].items() if standing == ["missing", True]]
        assert sorted(missing) == sorted(accepted), answer
        # What the missing layer kept harmless is refused by another one.
        connecting = {"net": "EAFNOSUPPORT", "landlock": "ENETUNREACH"}.get(name, "EACCES")
        killing = "EPERM" if name == "pid" else "allowed"
        assert (answer["code"], json.loads(answer["said"])) == (0, [connecting, killing]), (name, answer)


async def test_what_everything_rests_on_cannot_be_accepted_away(data):
    answers = await on_poor_hosts(data, [[name, [name]] for name in RESTS_ON])
    assert [answer["layer"] for answer in answers] == RESTS_ON, answers
