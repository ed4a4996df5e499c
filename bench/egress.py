"""What the gateway costs a call to the outside: the same code through it, and from an ordinary process directly."""

import asyncio
import contextlib
import functools
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import uvloop

from bench.guest import Bare, Guest, Inside, Spawner, Walled
from bench.report import Outcome, markdown
from bench.rounds import Comparison, alternate
from executor.contract import Deployment, Limits
from executor.egress.door import Door
from executor.egress.gateway import Gateway
from executor.egress.ports import listened_on
from executor.runtimes import node
from executor.sandbox.launcher import Launcher, Policy
from executor.sandbox.network import DNS_PORT

TITLE = "The network"

_SERVER = """
const big = Buffer.alloc(1 << 20);
const server = require("node:http").createServer((request, response) => {
  if (request.url !== "/big") return response.end("hello");
  let left = 64;
  const more = () => { while (left-- > 0) if (!response.write(big)) return; response.end(); };
  response.on("drain", more);
  more();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"""
# A request to the webtask is `count` calls of its own, one after the other.
_CALLS = """
const http = require("node:http");
const agent = new http.Agent({ keepAlive: KEPT });
const call = (left, cb) => left === 0 ? cb(null, {}) : http.get({ port: PORT, host: "127.0.0.1", path: "PATH", agent },
  (answer) => answer.resume().on("end", () => call(left - 1, cb))).on("error", cb);
module.exports = (cb) => call(COUNT, cb);
"""
_DEPLOYMENT = Deployment(
    team="bench",
    webtask="bench",
    slot="bench",
    version=1,
    label="v1",
    entry="bench.js",
    files={},
    limits=Limits(egress_bytes=1 << 60),
)


def run(data: Path, *, rounds: int) -> Outcome:
    """The table."""
    # The executor's loop, because the gateway runs in the executor.
    comparisons = uvloop.run(_measure(data, rounds=rounds))
    return Outcome(
        markdown(["what", "by the gateway", "directly", "ratio", "spread"], [it.row() for it in comparisons])
    )


async def _measure(data: Path, *, rounds: int) -> list[Comparison]:
    root = node.prepare(data)
    async with _serving() as port:
        gated = await Gated.start(node.policy(root, ports=(DNS_PORT, port)))
        bare = Bare(node.policy(root))
        try:
            calls = [
                await _calls(call, port, gated, bare, rounds=rounds)
                for call in (
                    Call("a request on a kept connection", "µs", "/", kept=True, count=300),
                    Call("a request on a connection of its own", "µs", "/", kept=False, count=80),
                    Call("a download of 64 MiB", "ms", "/big", kept=True, count=1),
                )
            ]
        finally:
            await gated.close()
            await bare.close()
    return [*calls, await _start(root, rounds=rounds)]


class Gated(Walled):
    """With a door for each sandbox, as the pool opens them."""

    def __init__(self, launcher: Launcher) -> None:
        super().__init__(launcher)
        self._gateway = Gateway(private=(ip_network("127.0.0.0/8"),), emit=lambda _call: None)
        self._doors: list[Door] = []

    async def spawn(self, fds: Mapping[int, int]) -> Inside:
        inside = await super().spawn(fds)
        listeners = inside.sandbox.take_listeners()
        self._doors.append(self._gateway.open(listeners, _DEPLOYMENT, say=lambda *_: None, sole=lambda: ""))
        return inside

    async def close(self) -> None:
        for door in self._doors:
            door.close()
        await super().close()


@contextlib.asynccontextmanager
async def _serving() -> AsyncIterator[int]:
    server = await asyncio.create_subprocess_exec(
        str(node.binary()), "-e", _SERVER, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    try:
        yield int(await server.stdout.readline())
    finally:
        server.kill()
        await server.wait()


@dataclass(frozen=True, slots=True)
class Call:
    """What is measured: `count` calls in each request to the webtask."""

    name: str
    unit: str
    path: str
    kept: bool
    count: int

    def program(self, port: int) -> str:
        code = _CALLS.replace("PORT", str(port)).replace("PATH", self.path).replace("COUNT", str(self.count))
        return code.replace("KEPT", str(self.kept).lower())

    async def measure(self, guest: Guest) -> float:
        began = time.perf_counter()
        await guest.call()
        return (time.perf_counter() - began) / self.count * (1e6 if self.unit == "µs" else 1e3)


async def _calls(call: Call, port: int, gated: Spawner, bare: Spawner, *, rounds: int) -> Comparison:
    through, directly = await Guest.start(gated), await Guest.start(bare)
    for guest in (through, directly):
        guest.load(call.program(port))
        await call.measure(guest)
    try:
        return await alternate(
            call.name,
            call.unit,
            lambda: call.measure(through),
            lambda: call.measure(directly),
            rounds=rounds,
        )
    finally:
        await through.stop()
        await directly.stop()


async def _start(root: Path, *, rounds: int) -> Comparison:
    """With the listeners that every sandbox has, and without any network."""
    full, none = await _spawner(root, listened_on(None)), await _spawner(root, ())
    try:
        measure = functools.partial(alternate, rounds=2 * rounds)
        return await measure(
            "start to READY, against one without listeners", "ms", lambda: _ready(full), lambda: _ready(none)
        )
    finally:
        await full.close()
        await none.close()


async def _spawner(root: Path, ports: tuple[int, ...]) -> Walled:
    policy: Policy = node.policy(root, ports=ports)
    return await Walled.start(policy)


async def _ready(spawner: Spawner) -> float:
    began = time.perf_counter()
    guest = await Guest.start(spawner)
    took = time.perf_counter() - began
    await guest.stop()
    return took * 1e3
