"""Launcher and Sandbox as the pool uses them."""

import asyncio
import contextlib
import json
import os
import resource
import signal
from dataclasses import replace

import pytest

from executor.sandbox.launcher import SandboxUnavailable, SpawnFailed
from executor.sandbox.layers import LAYERS
from tests.sandbox.ground import PATIENCE, Running, begin, launching, policy_of, run

FOREVER = 'require("node:fs").writeSync(3, "up"); setInterval(() => {}, 1000)'


async def test_a_program_runs_and_its_exit_is_told(data):
    running = await begin(data, 'console.log("hello"); process.exitCode = 7')
    ended, said, complained = await running.finish()
    assert (ended.code, ended.signal, said, complained) == (7, None, "hello\n", ""), ended
    assert ended.cpu_seconds > 0
    assert ended.max_rss > 10_000_000


async def test_every_layer_that_all_hosts_must_have_is_active(data):
    async with launching(policy_of(data, "")) as launcher:
        states = {layer.name: layer.state for layer in launcher.layers}
    assert states.keys() == LAYERS.keys()
    assert {states[name] for name, layer in LAYERS.items() if not layer.optional} == {"active"}, states
    assert {states[name] for name, layer in LAYERS.items() if layer.optional} <= {"active", "weaker"}, states


async def test_only_root_can_give_each_sandbox_a_user_of_its_own(data):
    async with launching(policy_of(data, "")) as launcher:
        (identity,) = [layer for layer in launcher.layers if layer.name == "identity"]
    assert identity.state == ("active" if os.geteuid() == 0 else "weaker")
    assert bool(identity.reason) == (os.geteuid() != 0)


async def test_descriptors_arrive_under_their_inner_numbers(data):
    source = """
        const fs = require("node:fs");
        const kinds = [0, 1, 2, 3, 9].map((n) => { const s = fs.fstatSync(n); return [s.isFIFO(), s.isSocket()]; });
        console.log(JSON.stringify([kinds, fs.readFileSync(9, "utf8")]));
    """
    reader, writer = os.pipe()
    os.write(writer, b"through the ninth")
    os.close(writer)
    running = await begin(data, source, extra={9: reader})
    # Ours stays ours: the launcher only lends it out.
    os.close(reader)
    _, said, complained = await running.finish()
    pipe, socket = [True, False], [False, True]
    assert json.loads(said or complained) == [[pipe, pipe, pipe, socket, pipe], "through the ninth"]


@contextlib.contextmanager
def launching_secret():
    """A secret in the launcher's own environment."""
    os.environ["WEBTASKS_SECRET_KEY"] = "do not tell"
    try:
        yield
    finally:
        del os.environ["WEBTASKS_SECRET_KEY"]


async def test_the_environment_is_the_policys_and_nothing_else(data):
    with launching_secret():
        policy = policy_of(data, "console.log(JSON.stringify(process.env))")
        async with launching(policy) as launcher:
            _, said, _ = await run(launcher)
    assert json.loads(said) == dict(policy.environment)


async def test_kill_ends_it_and_may_be_said_twice(data):
    running = await begin(data, FOREVER)
    assert await running.line() == "up"
    running.sandbox.kill()
    running.sandbox.kill()
    ended, _, _ = await running.finish()
    running.sandbox.kill()
    assert (ended.code, ended.signal) == (None, signal.SIGKILL)


async def test_a_waiter_that_gives_up_takes_the_exit_from_nobody(data):
    running = await begin(data, FOREVER)
    running.sandbox.exited.cancel()
    await asyncio.sleep(0)
    ended, _, _ = await running.stop()
    assert ended.signal == signal.SIGKILL


async def test_usage_is_read_from_outside_and_outlives_the_program(data):
    running = await begin(data, FOREVER)
    await running.line()
    alive = running.sandbox.usage()
    await running.stop()
    assert 20_000_000 < alive.rss < 200_000_000, alive
    assert running.sandbox.usage() == alive


async def test_many_at_once_are_all_made_and_all_reaped(data):
    async with launching(policy_of(data, "console.log(process.pid, process.getuid())")) as launcher:
        results = await asyncio.gather(*(run(launcher) for _ in range(8)))
    assert {(ended.code, said) for ended, said, _ in results} == {(0, "1 1000\n")}


async def test_a_cancelled_spawn_leaves_nothing_running(data):
    async with launching(policy_of(data, FOREVER)) as launcher:
        spawning = asyncio.ensure_future(launcher.spawn({}))
        await asyncio.sleep(0)  # one turn of the loop: it has asked
        spawning.cancel()
        await asyncio.wait([spawning])
        async with asyncio.timeout(PATIENCE):
            # The next one is answered after it, so whatever became of it is known then.
            (await launcher.spawn({})).kill()
            await asyncio.gather(*(sandbox.exited for sandbox in launcher._sandboxes.values()))
        assert spawning.cancelled()


async def test_a_spawn_may_have_arguments_of_its_own(data):
    policy = policy_of(data, "console.log('usual')")
    async with launching(policy) as launcher:
        said = [(await run(launcher, argv))[1] for argv in (("/bin/node", "-p", "'other'"), None)]
    assert said == ["other\n", "usual\n"]


async def test_a_program_that_is_not_there_fails_the_spawn_by_name(data):
    policy = replace(policy_of(data, ""), argv=("/bin/absent",))
    async with launching(policy) as launcher:
        for _ in range(2):
            with pytest.raises(SpawnFailed, match=r"step 'execve' failed: .*/bin/absent"):
                await launcher.spawn({})


async def test_a_closed_launcher_spawns_nothing_and_closes_again(data):
    async with launching(policy_of(data, FOREVER)) as launcher:
        sandbox = await launcher.spawn({})
        await launcher.close()
        assert sandbox.exited.done()
        with pytest.raises(SandboxUnavailable, match="layer 'zygote'"):
            await launcher.spawn({})
        await launcher.close()


async def test_a_zygote_that_can_open_no_more_refuses_and_recovers(data):
    async with launching(policy_of(data, "")) as launcher:
        zygote = launcher._zygote.pid
        soft, hard = resource.prlimit(zygote, resource.RLIMIT_NOFILE)
        before = os.listdir(f"/proc/{zygote}/fd")
        free = [number for number in range(soft) if str(number) not in before]
        # It takes three for the program, two for the line, one for the child, one for the seal.
        for limit in free[:7]:
            resource.prlimit(zygote, resource.RLIMIT_NOFILE, (limit, hard))
            with pytest.raises(SpawnFailed):
                await Running.start(launcher)
        resource.prlimit(zygote, resource.RLIMIT_NOFILE, (soft, hard))
        ended, _, _ = await run(launcher)
        assert ended.code == 0
        assert os.listdir(f"/proc/{zygote}/fd") == before
