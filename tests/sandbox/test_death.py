"""Sudden deaths, and what goes with them."""

import asyncio
import contextlib
import json
import os
import select
import signal
import sys

import pytest

from executor.sandbox.launcher import SandboxUnavailable
from tests.sandbox.ground import PATIENCE, launching, policy_of
from tests.sandbox.person import PROJECT

FOREVER = "setInterval(() => {}, 1000)"


@contextlib.contextmanager
def watched(pids):
    """A pidfd for each."""
    descriptors = [os.pidfd_open(pid) for pid in pids]
    try:
        yield descriptors
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def gone(descriptor: int) -> bool:
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(PATIENCE * 1000))


async def test_killing_the_launchers_process_leaves_no_zygote_and_no_sandbox(data):
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.sandbox.victim", str(data), cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    assert victim.stdout is not None
    with watched(json.loads(await victim.stdout.readline())) as descriptors:
        victim.kill()
        await victim.communicate()
        assert [gone(descriptor) for descriptor in descriptors] == [True] * 3


async def test_a_dead_zygote_is_noticed_and_takes_its_sandboxes_along(data):
    async with launching(policy_of(data, FOREVER)) as launcher:
        sandboxes = [await launcher.spawn({}) for _ in range(2)]
        with watched(sandbox.pid for sandbox in sandboxes) as descriptors:
            os.kill(launcher._zygote.pid, signal.SIGKILL)
            async with asyncio.timeout(PATIENCE):
                exits = await asyncio.gather(*(sandbox.exited for sandbox in sandboxes))
                await launcher.gone.wait()
            assert [ended.signal for ended in exits] == [signal.SIGKILL] * 2
            assert [gone(descriptor) for descriptor in descriptors] == [True] * 2
        with pytest.raises(SandboxUnavailable, match=r"'zygote' is not available: .* status -9"):
            await launcher.spawn({})


async def test_a_spawn_that_waits_while_the_zygote_dies_is_told(data):
    async with launching(policy_of(data, FOREVER)) as launcher:
        os.kill(launcher._zygote.pid, signal.SIGSTOP)
        spawning = asyncio.ensure_future(launcher.spawn({}))
        await asyncio.sleep(0)  # one turn of the loop: it has asked
        os.kill(launcher._zygote.pid, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([spawning])
        assert isinstance(spawning.exception(), SandboxUnavailable)
