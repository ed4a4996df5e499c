"""A sandboxed program that was not given yet: fed, watched, ended."""

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from executor.sandbox.launcher import Exit, Launcher, Sandbox

GUEST = Path(__file__).parent / "guest"
PATIENCE = 20.0
_OUTPUT_CAP = 1 << 20


@dataclass
class Running:
    """Its output pipes and its channel (descriptor 3). What it does not do within PATIENCE is a TimeoutError."""

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
        channel.setblocking(False)
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
        """Hands the guest (guest/main.*) the program to run, with `budget` bytes of memory."""
        if await self.line() != "up":
            raise ConnectionError("the guest did not start")
        if budget is not None:
            self.sandbox.limit_memory(budget)
        await asyncio.get_running_loop().sock_sendall(self.channel, source.encode())
        self.channel.shutdown(socket.SHUT_WR)

    async def line(self) -> str:
        """The next thing the program sends over its channel; empty when it is gone."""
        async with asyncio.timeout(PATIENCE):
            try:
                return (await asyncio.get_running_loop().sock_recv(self.channel, 4096)).decode()
            except ConnectionResetError:
                return ""

    async def stop(self) -> tuple[Exit, str, str]:
        self.sandbox.kill()
        return await self.finish()

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
