"""Control groups around sandboxes, where this host has some; where it has none, that is shown and nothing breaks."""

import asyncio
import signal
import sys
from dataclasses import replace
from pathlib import Path

from executor.sandbox import owner, survey
from executor.sandbox.launcher import Launcher
from executor.sandbox.owner import PREFIX
from executor.sandbox.policy import Quota
from executor.sandbox.sweep import sweep
from tests.sandbox.ground import Running, launching, policy_of
from tests.sandbox.person import PROJECT

UP = 'require("node:fs").writeSync(3, "up"); setInterval(() => {}, 1000)'
LIMITS = {"v1": "memory.limit_in_bytes", "v2": "memory.max"}
WEIGHTS = {"v1": ("cpu.shares", 256), "v2": ("cpu.weight", 25)}
MIB = 1 << 20


def groups(pid: int) -> set[str]:
    """What its groups of ours are called; one name in every hierarchy."""
    lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    paths = [line.split(":", 2)[2] for line in lines]
    return {path[path.index(PREFIX) :] for path in paths if PREFIX in path}


def left_by(zygote: int, places) -> list[Path]:
    return [left for place in places for left in place.path.glob(f"{PREFIX}*-{zygote}-*")]


def dead_owners(places) -> list[str]:
    """Groups of zygotes that are no more."""
    names = {left.name for place in places for left in place.path.glob(f"{PREFIX}*-*")}
    return [name for name in names if not owner.alive(name)]


async def known_to_run(launcher: Launcher) -> Running:
    running = await Running.start(launcher)
    assert await running.line() == "up"
    return running


async def test_each_sandbox_is_in_a_group_of_its_own_that_goes_with_it(data):
    host = await survey.look()
    async with launching(policy_of(data, UP)) as launcher:
        pair = [await known_to_run(launcher) for _ in range(2)]
        names = [groups(running.sandbox.pid) for running in pair]
        for running in pair:
            await running.stop()
        (room,) = {left.name for left in left_by(launcher._zygote.pid, host.places)} or {""}
        assert names == ([{f"{room}/1"}, {f"{room}/2"}] if host.places else [set(), set()])
        inside = [path for left in left_by(launcher._zygote.pid, host.places) for path in left.glob("*/")]
        assert inside == []
    assert left_by(launcher._zygote.pid, host.places) == []


async def test_the_memory_of_a_group_follows_the_budget(data):
    host = await survey.look()
    memory = [place for place in host.places if "memory" in place.controllers]
    async with launching(policy_of(data, UP)) as launcher:
        running = await known_to_run(launcher)
        running.sandbox.limit_memory(64 * MIB)
        # The zygote heeds one message after the other.
        (await launcher.spawn({})).kill()
        for place in memory:
            (left,) = left_by(launcher._zygote.pid, [place])
            limit = int((left / "1" / LIMITS[place.version]).read_text())
            assert 64 * MIB < limit < 400 * MIB
        await running.stop()


async def test_a_sandbox_that_shall_weigh_less_does(data):
    host = await survey.look()
    async with launching(policy_of(data, UP)) as launcher:
        running = await known_to_run(launcher)
        running.sandbox.weigh(25)
        # The zygote heeds one message after the other.
        (await launcher.spawn({})).kill()
        for place in [place for place in host.places if "cpu" in place.controllers]:
            (left,) = left_by(launcher._zygote.pid, [place])
            file, weight = WEIGHTS[place.version]
            assert int((left / "1" / file).read_text()) == weight
        await running.stop()


async def test_a_death_by_the_groups_limit_is_told_as_out_of_memory(data):
    host = await survey.look()
    bomb = "const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1));"
    # Nothing else bounds it: the budget of RLIMIT_DATA is not set.
    policy = replace(policy_of(data, bomb), quota=Quota(memory=160 * MIB))
    async with launching(policy) as launcher:
        running = await Running.start(launcher)
        if not any("memory" in place.controllers for place in host.places):
            ended, _, _ = await running.stop()
            assert not ended.out_of_memory
            return
        ended, _, _ = await running.finish()
    assert (ended.signal, ended.out_of_memory) == (signal.SIGKILL, True)
    # Resident as well, and charged to whoever read it first: as much of Node's own binary as it touched.
    assert ended.max_rss < 400 * MIB


async def test_what_a_killed_launcher_left_is_swept_by_the_next_and_only_that(data):
    host = await survey.look()
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.sandbox.victim", str(data), cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    assert victim.stdout is not None
    await victim.stdout.readline()
    async with launching(policy_of(data, UP)) as neighbour:
        living = await known_to_run(neighbour)
        before = groups(living.sandbox.pid)
        victim.kill()
        await victim.communicate()
        async with launching(policy_of(data, "")):
            assert dead_owners(host.places) == []
        assert groups(living.sandbox.pid) == before
        ended, _, _ = await living.stop()
    assert ended.signal == signal.SIGKILL


async def test_sweeping_where_nothing_is_left_or_nothing_may_be_done_is_no_error(data):
    host = await survey.look()
    sweep(host.places)
    sweep([replace(place, path=place.path / "absent") for place in host.places])
