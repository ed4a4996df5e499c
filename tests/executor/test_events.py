"""What only an attack does is told to the team's log and, as an event, to the console."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from executor.attacks import arena
from executor.contract import Deployment
from executor.logs.event import SecurityEvent
from executor.logs.line import Line
from executor.pool import frames
from executor.pool.pool import Pool, Size
from executor.sandbox.launcher import Launcher

# A guest that is bound, and then does what the test wants of it.
GUEST = f"""
import os
from executor.attacks.guest.attack import call
os.write(3, {frames.encode(frames.READY, 0, b"{}")!r})
os.read(3, 65536)
"""
DEPLOYMENT = Deployment(
    team="acme", webtask="hello", slot="acme/hello", version=1, label="v1", entry="hello.js", files={}
)


async def recorded(data, deed: str) -> list[Any]:
    """What a pool tells of a worker that does it, up to the event."""
    walls = arena.policy("python", data)
    launcher = await Launcher.start(replace(walls, argv=(*walls.argv[:-1], "-c", GUEST + deed)))
    records: asyncio.Queue[Any] = asyncio.Queue()
    pool = Pool(launcher, size=Size(blank=1, workers=1), emit=records.put_nowait)
    try:
        await pool.bind(DEPLOYMENT)
        told: list[Any] = []
        while not told or not isinstance(told[-1], SecurityEvent):
            told.append(await asyncio.wait_for(records.get(), 20))
        return told
    finally:
        await pool.close()
        await launcher.close()


@pytest.mark.parametrize(
    ("deed", "kind", "what", "text"),
    [
        ("call('ptrace', 0, 0, 0, 0)", "syscall", "ptrace", "killed: forbidden system call ptrace"),
        (
            "call(0x40000000 | 39)",
            "architecture",
            "another architecture",
            "killed: forbidden system call of another architecture",
        ),
        (
            "os.write(3, b'nonsense, and then more of it'); os.read(3, 1)",
            "protocol",
            "a guest may not send frame type 101",
            "killed: a guest may not send frame type 101",
        ),
    ],
)
def test_an_attack_is_a_line_and_an_event(tmp_path, background, deed, kind, what, text):
    line, event = background.run(recorded(tmp_path, deed))
    assert isinstance(line, Line)
    assert (line.level, line.text) == ("error", text)
    said = event.to_json()
    assert said.pop("time") > 0
    whose = {"team": "acme", "webtask": "hello", "label": "v1", "invocation": ""}
    assert said == {**whose, "kind": kind, "what": what, "text": text}
