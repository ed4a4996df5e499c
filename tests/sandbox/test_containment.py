"""However a sandbox dies, nothing of it stays: no process, descriptor, mount, control group or file."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from executor.sandbox import survey
from executor.sandbox.launcher import Launcher
from executor.sandbox.owner import PREFIX
from tests.sandbox.ground import Running, launching, policy_of, run
from tests.sandbox.person import PROJECT
from tests.sandbox.test_leaks import children, descriptors, mounts
from tests.sandbox.test_modes import leave

LITTER = """
const fs = require("node:fs"), net = require("node:net");
fs.mkdirSync("/tmp/" + Array(60).fill("deep").join("/"), { recursive: true });
fs.writeFileSync("/tmp/file", Buffer.alloc(1 << 20));
net.createServer().listen("/tmp/socket");
new (require("node:worker_threads").Worker)("for (;;);", { eval: true });
"""
WAYS = {
    "of its own will": "process.exit(3)",
    "by an uncaught error": "throw new Error('uncaught')",
    "by abort": "process.abort()",
    "by its heap": "const kept = []; for (;;) kept.push(new Array(1 << 16).fill({}));",
    "by another program": "process.execve('/bin/node', ['node'], {})",
    "by the frame of its channel": "require('node:fs').writeSync(3, Buffer.alloc(4096, 120)); for (;;);",
    "by a kill from outside": "require('node:fs').writeSync(3, 'up'); for (;;);",
}


def everything(launcher: Launcher, places, data: Path) -> list[object]:
    """What could be left, of all kinds."""
    zygote = launcher._zygote.pid
    groups = [str(path) for place in places for path in place.path.glob(f"{PREFIX}*-{zygote}-*/*/")]
    files = sorted(str(path) for path in data.rglob("*"))
    processes = [children(zygote), descriptors(os.getpid()), descriptors(zygote)]
    return [*processes, mounts(zygote), mounts(os.getpid()), groups, files]


@pytest.mark.parametrize("way", WAYS)
async def test_a_death_leaves_nothing_and_the_next_one_lives(data, way):
    host = await survey.look()
    policy = policy_of(data, "")
    async with launching(policy) as launcher:
        await run(launcher)
        before = everything(launcher, host.places, data)
        running = await Running.start(launcher, argv=(*policy.argv[:-1], LITTER + WAYS[way]))
        if "for (;;);" in WAYS[way]:
            await running.line()
            running.sandbox.kill()
        ended, _, _ = await running.finish()
        assert (ended.code, ended.signal) != (0, None)
        assert everything(launcher, host.places, data) == before
        ended, _, _ = await run(launcher)
        assert ended.code == 0


async def test_without_namespaces_what_a_killed_launcher_left_goes_at_the_next_start(data):
    jails = data / "roots" / "jails"
    victim = await hemmed_victim(data)
    assert victim.stdout is not None
    pids = json.loads(await victim.stdout.readline())
    assert len(list(jails.glob("*/*"))) == 2
    handles = [os.pidfd_open(pid) for pid in pids]
    victim.kill()
    await victim.communicate()
    loop = asyncio.get_running_loop()
    for handle in handles:
        dead = loop.create_future()
        loop.add_reader(handle, dead.set_result, None)
        await dead
        loop.remove_reader(handle)
        os.close(handle)
    following = await hemmed_victim(data)
    assert following.stdout is not None
    await following.stdout.readline()
    assert len(list(jails.glob("*/*"))) == 2, "only its own"
    following.send_signal(signal.SIGKILL)
    await following.communicate()


async def hemmed_victim(data):
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.sandbox.hemmed", "tests.sandbox.victim", str(data)),
        cwd=PROJECT,
        env={**os.environ, "WEBTASKS_ACCEPT_WEAKER": leave()},
        stdout=asyncio.subprocess.PIPE,
    )
