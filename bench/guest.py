"""A guest runtime with or without its walls, driven over its frames: what differs is the walls alone."""

import asyncio
import json
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from executor.contract import Deployment
from executor.pool import frames
from executor.runtimes import node
from executor.sandbox.launcher import Launcher, Policy, Sandbox

PATIENCE = 30.0
_LIMIT = 1 << 20
_CHANNEL, _LOG = 3, 4


class Process(Protocol):
    pid: int

    def kill(self) -> None: ...
    async def gone(self) -> None: ...


class Spawner(Protocol):
    """Starts the guest with `fds` (inner number -> ours)."""

    async def spawn(self, fds: Mapping[int, int]) -> Process: ...
    async def close(self) -> None: ...


class Walled:
    """As the executor does it."""

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher

    @classmethod
    async def start(cls, policy: Policy) -> Self:
        return cls(await Launcher.start(policy))

    async def spawn(self, fds: Mapping[int, int]) -> "Inside":
        return Inside(await self._launcher.spawn(fds))

    async def close(self) -> None:
        await self._launcher.close()


class Inside:
    def __init__(self, sandbox: Sandbox) -> None:
        self.pid = sandbox.pid
        self.kill = sandbox.kill
        self.sandbox = sandbox

    async def gone(self) -> None:
        await self.sandbox.exited


class Bare:
    """The same program with the same flags, environment and kind of scratch space, and no wall at all."""

    def __init__(self, policy: Policy) -> None:
        self._scratch = tempfile.mkdtemp(dir="/dev/shm")
        self._argv = [str(node.binary()), *policy.argv[1:-1], str(node.GUEST / "main.js")]
        place = {"TMPDIR": self._scratch, "HOME": self._scratch, "OPENSSL_CONF": os.devnull}
        self._environment = {**policy.environment, **place}

    async def spawn(self, fds: Mapping[int, int]) -> Process:
        return Outside(self._argv, self._environment, fds)

    async def close(self) -> None:
        shutil.rmtree(self._scratch)


class Outside:
    def __init__(self, argv: list[str], environment: dict[str, str], fds: Mapping[int, int]) -> None:
        actions = [(os.POSIX_SPAWN_DUP2, ours, inner) for inner, ours in fds.items()]
        self.pid = os.posix_spawn(argv[0], argv, environment, file_actions=actions)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    async def gone(self) -> None:
        await asyncio.to_thread(os.waitpid, self.pid, 0)


@dataclass
class Guest:
    """One running guest that serves one deployment."""

    process: Process
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter
    _decoder: frames.Decoder
    _streams: int = 0

    @classmethod
    async def start(cls, spawner: Spawner) -> Self:
        """Returns at READY."""
        ours, theirs = socket.socketpair()
        sink = os.open(os.devnull, os.O_WRONLY)
        try:
            process = await spawner.spawn({1: sink, 2: sink, _CHANNEL: theirs.fileno(), _LOG: sink})
        finally:
            theirs.close()
            os.close(sink)
        reader, writer = await asyncio.open_connection(sock=ours, limit=_LIMIT)
        guest = cls(process, reader, writer, frames.Decoder())
        await guest._until(frames.READY)
        return guest

    def load(self, code: str) -> None:
        deployment = Deployment(
            team="bench",
            webtask="bench",
            slot="bench",
            version=1,
            label="v1",
            entry="bench.js",
            files={"bench.js": code},
        )
        self._writer.write(frames.encode(frames.LOAD, 1, _json(deployment.to_json())))

    async def call(self) -> None:
        """One request, to the end of its answer."""
        self._streams += 1
        head = {
            "deployment": 1,
            "id": str(self._streams),
            "method": "GET",
            "url": "/",
            "path": "/",
            "http": "1.1",
        }
        rest = {"headers": [], "body": False, "url_format": 1, "remote": "127.0.0.1"}
        self._writer.write(frames.encode(frames.REQUEST, self._streams, _json({**head, **rest})))
        await self._until(frames.END)

    def private_bytes(self) -> int:
        """Memory that goes when this process goes; pages of Node's own file are not counted."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        line = next(line for line in rollup.splitlines() if line.startswith("Private_Dirty:"))
        return int(line.split()[1]) * 1024

    async def stop(self) -> None:
        self._writer.close()
        self.process.kill()
        await self.process.gone()

    async def _until(self, wanted: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                data = await self._reader.read(65_536)
                if not data:
                    raise ConnectionError("the guest closed its channel")
                heard = [kind for kind, _stream, _payload in self._decoder.feed(data)]
                if wanted in heard:
                    return


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
