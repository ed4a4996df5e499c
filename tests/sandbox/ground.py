"""Programs behind the real walls: started, fed, watched, ended."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from executor.runtimes import node
from executor.sandbox.launcher import Exit, Launcher, Policy, Sandbox

PATIENCE = 20.0
GUEST = Path(__file__).parent / "guest"
_OUTPUT_CAP = 1 << 20
_residents: dict[str, Launcher] = {}


def policy_of(data: Path, program: str) -> Policy:
    """Node's own policy, but running `program`."""
    policy = node.policy(node.prepare(data))
    return replace(policy, argv=(*policy.argv[:-1], "-e", program))


@contextlib.asynccontextmanager
async def launching(policy: Policy, accept_weaker: frozenset[str] = frozenset()) -> AsyncIterator[Launcher]:
    launcher = await Launcher.start(policy, accept_weaker=accept_weaker)
    try:
        yield launcher
    finally:
        await launcher.close()


async def resident(name: str, policy: Callable[[], Policy]) -> Launcher:
    """A launcher that stays for the tests to come; it ends with the person's process."""
    if name not in _residents:
        _residents[name] = await Launcher.start(policy())
    return _residents[name]


async def begin(
    data: Path, source: str, *, budget: int | None = None, extra: Mapping[int, int] | None = None
) -> "Running":
    """`source` in a sandbox of the resident launcher."""
    launcher = await resident("js", lambda: node.policy(node.prepare(data, GUEST)))
    running = await Running.start(launcher, extra)
    await running.feed(source, budget)
    return running


@dataclass
class Running:
    """A sandboxed program, its output pipes and its channel (descriptor 3)."""

    sandbox: Sandbox
    channel: socket.socket
    _out: int
    _err: int

    @classmethod
    async def start(
        cls,
        launcher: Launcher,
        extra: Mapping[int, int] | None = None,
        *,
        argv: Sequence[str] | None = None,
    ) -> "Running":
        out, its_out = os.pipe()
        err, its_err = os.pipe()
        channel, its_channel = socket.socketpair()
        try:
            given = {1: its_out, 2: its_err, 3: its_channel.fileno(), **(extra or {})}
            sandbox = await launcher.spawn(given, argv=argv)
        except BaseException:
            os.close(out)
            os.close(err)
            channel.close()
            raise
        finally:
            os.close(its_out)
            os.close(its_err)
            its_channel.close()
        return cls(sandbox, channel, out, err)

    async def feed(self, source: str, budget: int | None) -> None:
        """Hands the guest (guest/main.js) the program to run."""
        assert await self.line() == "up"
        if budget is not None:
            self.sandbox.limit_memory(budget)
        self.channel.sendall(source.encode())
        self.channel.shutdown(socket.SHUT_WR)

    async def stop(self) -> tuple[Exit, str, str]:
        self.sandbox.kill()
        return await self.finish()

    async def line(self) -> str:
        """The next line the program sends over its channel; empty when it is gone."""
        async with asyncio.timeout(PATIENCE):
            return (await asyncio.to_thread(self.channel.recv, 4096)).decode()

    async def finish(self) -> tuple[Exit, str, str]:
        """How it ended and what it wrote to standard output and error, up to a megabyte each."""
        try:
            async with asyncio.timeout(PATIENCE):
                said, complained, ended = await asyncio.gather(
                    asyncio.to_thread(_read, self._out),
                    asyncio.to_thread(_read, self._err),
                    self.sandbox.exited,
                )
        finally:
            self.sandbox.kill()
            self.channel.close()
        return ended, said, complained


def _read(pipe: int) -> str:
    """To the end; a writer beyond the cap gets EPIPE."""
    with os.fdopen(pipe, "rb", buffering=0) as file:
        data = b""
        while len(data) < _OUTPUT_CAP and (more := file.read(65_536)):
            data += more
        return data.decode(errors="replace")


async def run(launcher: Launcher, argv: Sequence[str] | None = None) -> tuple[Exit, str, str]:
    running = await Running.start(launcher, argv=argv)
    return await running.finish()
