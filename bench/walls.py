"""What the walls cost a webtask: the same guest and code inside the sandbox and as an ordinary process."""

import asyncio
import functools
import time
from pathlib import Path

from bench.guest import Bare, Guest, Spawner, Walled
from bench.report import Outcome, markdown
from bench.rounds import Comparison, alternate
from executor.runtimes import node

TITLE = "The walls"

_HELLO = "module.exports = (cb) => cb(null, { hello: 'world' });"
# Nearly nothing but system calls: 500 rounds of looking, writing, reading and removing a small file, 4 calls each
# at the least, every one of which passes the filter and most of which pass Landlock.
_SYSCALLS = """
const fs = require("node:fs"), path = require("node:path");
const file = path.join(process.env.TMPDIR, "bench");
module.exports = (cb) => {
  for (let i = 0; i < 500; i++) {
    fs.existsSync("/none");
    fs.writeFileSync(file, "x");
    fs.readFileSync(file);
    fs.unlinkSync(file);
  }
  cb(null, {});
};
"""
_MEBIBYTE = 1 << 20


def run(data: Path, *, rounds: int) -> Outcome:
    """The table."""
    comparisons = asyncio.run(_measure(data, rounds=rounds))
    head = ["what", "in the sandbox", "without walls", "ratio", "spread"]
    return Outcome(markdown(head, [comparison.row() for comparison in comparisons]))


async def _measure(data: Path, *, rounds: int) -> list[Comparison]:
    policy = node.policy(node.prepare(data))
    walled, bare = await Walled.start(policy), Bare(policy)
    try:
        calls = [
            await _calls(name, code, walled, bare, count=count, rounds=rounds)
            for name, code, count in (
                ("a hello request", _HELLO, 2000),
                ("a request of some 5,000 system calls", _SYSCALLS, 15),
            )
        ]
        start = functools.partial(alternate, rounds=2 * rounds)
        return [
            *calls,
            await start("start to READY", "ms", lambda: _start(walled), lambda: _start(bare)),
            await start("private memory when blank", "MiB", lambda: _memory(walled), lambda: _memory(bare)),
        ]
    finally:
        await walled.close()
        await bare.close()


async def _calls(
    name: str, code: str, walled: Spawner, bare: Spawner, *, count: int, rounds: int
) -> Comparison:
    inside, outside = await Guest.start(walled), await Guest.start(bare)
    for guest in (inside, outside):
        guest.load(code)
        # The compilers of V8 are done with it by then.
        await _microseconds(guest, count)
    try:
        return await alternate(
            name,
            "µs",
            lambda: _microseconds(inside, count),
            lambda: _microseconds(outside, count),
            rounds=rounds,
        )
    finally:
        await inside.stop()
        await outside.stop()


async def _microseconds(guest: Guest, count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        await guest.call()
    return (time.perf_counter() - began) / count * 1e6


async def _start(spawner: Spawner) -> float:
    began = time.perf_counter()
    guest = await Guest.start(spawner)
    took = time.perf_counter() - began
    await guest.stop()
    return took * 1e3


async def _memory(spawner: Spawner) -> float:
    guest = await Guest.start(spawner)
    size = guest.private_bytes()
    await guest.stop()
    return size / _MEBIBYTE
