"""What the policies let through is enough for the packages that extension code uses."""

import asyncio
import os
import re
import threading
from pathlib import Path

import pytest

from executor.sandbox.launcher import Exit, Launcher
from tests.trace import outside
from tests.trace.__main__ import trace
from tests.trace.policies import POLICIES


async def run(policy) -> tuple[Exit, str]:
    """How it ended, and what it complained of."""
    launcher = await Launcher.start(policy)
    reader, writer = os.pipe()
    try:
        sandbox = await launcher.spawn({1: writer, 2: writer})
        os.close(writer)
        listeners = [listener.detach() for listener in sandbox.take_listeners()]
        threading.Thread(target=outside.answer, args=(listeners,), daemon=True).start()
        with os.fdopen(reader) as said:
            complained = await asyncio.to_thread(said.read)
        return await sandbox.exited, complained
    finally:
        await launcher.close()


def test_the_tracer_writes_down_what_is_asked_for_and_what_it_meets():
    seen = trace("python")
    assert seen["openat", "allow", ()] > 100
    assert seen["clone3", "ENOSYS", ()] > 0
    assert ("clone", "EPERM", (0,)) in seen, "a process is not a thread"


@pytest.mark.parametrize("runtime", POLICIES)
def test_every_step_of_the_workload_goes_as_it_should(tmp_path: Path, background, runtime):
    ended, complained = background.run(run(POLICIES[runtime](tmp_path)), patience=100)
    tally = re.search(r"(\d+) of (\d+) steps", complained)
    assert tally, (ended, complained)
    assert tally[1] == tally[2], complained
    assert ended.code == 0, (ended, complained)
