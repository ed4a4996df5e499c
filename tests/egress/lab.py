"""A sandboxed program, its door and what the door told: the real walls and the real gateway, without a pool."""

import asyncio
import contextlib
import shutil
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

from executor.attacks.arena import policy
from executor.attacks.running import GUEST, PATIENCE, Running
from executor.contract import Deployment, Limits
from executor.egress import dns
from executor.egress.addresses import Address, parse
from executor.egress.dns import Question
from executor.egress.door import Door
from executor.egress.gateway import Gateway
from executor.egress.ports import listened_on
from executor.egress.resolver import NoSuchName
from executor.logs.egress import EgressCall
from executor.runtimes import node
from executor.sandbox.launcher import Launcher
from tests.stack import ROOT, free_port

LOOPBACK = ("127.0.0.0/8", "::1/128")
PACKAGES = ROOT / "tests" / "clients" / "node_modules"
# What a program in a sandbox says of its attempts.
PRELUDE = """
"use strict";
const net = require("node:net"), tls = require("node:tls"), http = require("node:http");
const dns = require("node:dns"), fs = require("node:fs");
const load = require("node:module").createRequire("/rt/main.js");
const say = (...words) => fs.writeSync(1, words.join(" ") + "\\n");
const attempt = (port, host, line = "") => new Promise((done) => {
  const socket = net.connect(port, host, () => socket.write(line));
  socket.on("data", (data) => { done(String(data)); socket.end(); });
  socket.on("error", (error) => done(error.code)).on("close", () => done("closed"));
});
"""
_ports: list[int] = []
_launchers: dict[str, Launcher] = {}

Names = Mapping[str, "tuple[str, ...] | Callable[[], Awaitable[tuple[str, ...]]]"]


def ports() -> list[int]:
    """Eight that are free, on which the servers of these tests listen and every sandbox here may connect."""
    while len(_ports) < 8:
        _ports.append(free_port())
    return _ports


@dataclass
class Book:
    """A resolver that knows what it is told to know; `records` by host and kind, as (data of) one record each."""

    names: Names
    records: Mapping[tuple[str, int], bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def ask(self, question: Question) -> bytes:
        self.asked.append(question.host)
        data = self.records.get((question.host, question.kind))
        return dns.answer(question, dns.NO_SUCH_NAME) if data is None else with_record(question, data)

    async def look_up(self, host: str) -> tuple[Address, ...]:
        self.asked.append(host)
        found = self.names.get(host)
        if found is None:
            raise NoSuchName(host)
        return tuple(parse(text) for text in (found if isinstance(found, tuple) else await found()))


def with_record(question: Question, data: bytes) -> bytes:
    head = struct.pack("!6H", question.id, 0x8180, 1, 1, 0, 0)
    return head + question.raw + struct.pack("!HHHIH", 0xC00C, question.kind, 1, 30, len(data)) + data


def in_labels(host: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in host.split(".")) + b"\0"


@dataclass
class Lab:
    running: Running
    door: Door
    book: Book
    calls: list[EgressCall]
    lines: list[str]
    over: bool = False

    async def said(self) -> list[str]:
        """What the program wrote, once it ended; the door is closed then, and has told all it knew."""
        self.over = True
        _, said, complained = await self.running.finish()
        self.door.close()
        assert not complained, complained
        return said.splitlines()

    @property
    def verdicts(self) -> list[tuple[str, int, str]]:
        return [(call.host, call.port, call.verdict) for call in self.calls]


@contextlib.asynccontextmanager
async def lab(
    data: Path,
    program: str,
    *,
    language: str = "node",
    egress: tuple[str, ...] | None = None,
    limits: Limits | None = None,
    private: tuple[str, ...] = LOOPBACK,
    names: Names | None = None,
    records: Mapping[tuple[str, int], bytes] | None = None,
    sole: str = "",
    listen: tuple[int, ...] = (),
) -> AsyncIterator[Lab]:
    """`program` behind the walls of its runtime, with a door that goes by these rules.

    "clients" is Node with the packages of tests/clients; `listen` are more ports to connect on, the same each time.
    """
    book, calls, lines = Book(names or {}, records or {}), [], []  # type: ignore[var-annotated]
    running = await Running.start(await _launcher(language, data, listen))
    gateway = Gateway(private=tuple(map(ip_network, private)), emit=calls.append, resolver=book)
    door = gateway.open(
        running.sandbox.take_listeners(),
        deployment(egress, limits or Limits()),
        say=lambda _level, text, _invocation: lines.append(text),
        sole=lambda: sole,
    )
    it = Lab(running, door, book, calls, lines)
    try:
        await running.feed(("" if language == "python" else PRELUDE) + program, None)
        yield it
    finally:
        door.close()
        if not it.over:
            await running.stop()


def deployment(egress: tuple[str, ...] | None, limits: Limits) -> Deployment:
    return Deployment(
        team="acme",
        webtask="caller",
        slot="acme/caller",
        version=1,
        label="v1",
        entry="caller.js",
        files={},
        egress=egress,
        limits=limits,
    )


async def _launcher(language: str, data: Path, listen: tuple[int, ...]) -> Launcher:
    if language not in _launchers:
        open_ports = listened_on((80, 443, *ports(), *listen))
        if language == "clients":
            walls = node.policy(with_packages(data), ports=open_ports)
        else:
            walls = policy(language, data, ports=open_ports)
        _launchers[language] = await Launcher.start(walls)
    return _launchers[language]


def with_packages(data: Path) -> Path:
    """A root with the packages beside the guest."""
    root = node.prepare(data / "clients", GUEST)
    inside = root / "rt" / "node_modules"
    if not inside.exists():
        shutil.copytree(
            PACKAGES, inside, ignore=shutil.ignore_patterns(".*", "*.[mc]ts", "*.ts", "*.map", "*.md")
        )
    return root


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(b"echo " + line)
        await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def serving(serve: Serve, port: int, host: str = "127.0.0.1") -> AsyncIterator[None]:
    """A server on the host; every connection it has ends with it."""
    tasks: set[asyncio.Task[None]] = set()

    def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def whole() -> None:
            try:
                with contextlib.suppress(ConnectionError):
                    await serve(reader, writer)
            finally:
                writer.close()

        task = asyncio.ensure_future(whole())
        tasks.add(task)

    server = await asyncio.start_server(serve_one, host, port, family=socket.AF_UNSPEC)
    try:
        yield
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*tasks, return_exceptions=True)
