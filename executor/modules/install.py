"""Installs packages behind walls, one set at a time, and hands out what npm says while it works."""

import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self

from executor.contract import Deployment, Limits
from executor.egress.addresses import Network
from executor.egress.door import Door
from executor.egress.gateway import Gateway
from executor.egress.resolver import HostResolver, NoSuchName, Unresolved
from executor.logs.pipe import LinePipe, Sink
from executor.modules import bounds, npm
from executor.modules.archive import digest_of
from executor.modules.npm import Registry
from executor.sandbox.errors import SandboxUnavailable, SpawnFailed
from executor.sandbox.launcher import Exit, Launcher, Sandbox

OUT_FD = 3
# So a file begins that may be left when nobody waits for it any more; store.prepare() clears it away.
LEFT = ".archive-"
_CHUNK = 1 << 16
_ERROR = "npm error "
# Lines of its first words: a code, what it is about, what to do.
_COMPLAINTS = 4
_LIMITS = Limits(egress_connections=32, egress_bytes=1 << 40)

Say = Callable[[str], None]


class InstallFailed(Exception):
    """The text says why, for whoever asked for the packages."""


@dataclass(frozen=True, slots=True)
class Installed:
    """`archive` is a file that is the caller's to remove, called by the SHA-256 of its bytes (`digest`).

    `versions` are those asked for, by name; `lock` is npm's, with the integrity of every package.
    """

    archive: Path
    digest: str
    lock: str
    versions: dict[str, str]


class Installer:
    def __init__(
        self,
        data: Path,
        *,
        registry: str | None,
        private: tuple[Network, ...] = (),
        accept_weaker: frozenset[str] = frozenset(),
    ) -> None:
        """`registry` is its address, None for the one that npm knows; `private` as for the gateway."""
        self._data = data
        self._named = registry
        self._private = private
        self._accept_weaker = accept_weaker
        self._turn = asyncio.Lock()
        self._prepared: tuple[Path, Registry] | None = None

    async def install(self, wish: Mapping[str, str], say: Say) -> Installed:
        """`wish` is what package.json calls dependencies. Raises InstallFailed, OSError."""
        async with self._turn:
            root, registry = await self._prepare()
            policy = npm.policy(root, json.dumps(wish), registry)
            try:
                launcher = await Launcher.start(policy, accept_weaker=self._accept_weaker)
            except SandboxUnavailable as error:
                raise InstallFailed(f"npm cannot be started behind walls: {error}") from error
            try:
                if not launcher.mode.namespaces:
                    raise InstallFailed("on this host sandboxes have no network, so nothing can be installed")
                return await self._run(launcher, registry, Said(say))
            finally:
                await launcher.close()

    async def _prepare(self) -> tuple[Path, Registry]:
        if self._prepared is None:
            try:
                registry = await npm.find_registry(self._named)
            except (ValueError, OSError) as error:
                raise InstallFailed(f"no registry to ask: {error}") from error
            self._prepared = await asyncio.to_thread(npm.prepare, self._data), registry
        return self._prepared

    async def _run(self, launcher: Launcher, registry: Registry, say: "Said") -> Installed:
        private = (*self._private, *await _addresses(registry))
        with _Pipes() as pipes:
            try:
                sandbox = await launcher.spawn(pipes.inner)
            except SpawnFailed as error:
                raise InstallFailed(f"npm cannot be started behind walls: {error}") from error
            pipes.close_inner()
            door = _open_door(sandbox, registry, private, say)
            try:
                found, ended = await self._watch(sandbox, pipes, say)
            except TimeoutError:
                raise InstallFailed(f"npm was not done after {bounds.SECONDS:g} seconds") from None
            finally:
                # Its pipes end with it, and with them the thread that reads.
                sandbox.kill()
                door.close()
        if ended.code == 0 and found is not None:
            return found
        if found is not None:
            await asyncio.to_thread(found.archive.unlink)
        if ended.out_of_memory:
            raise InstallFailed("npm ran out of memory: the packages are too large")
        raise InstallFailed(say.complaint or f"npm ended without a word: {ended}")

    async def _watch(self, sandbox: Sandbox, pipes: "_Pipes", say: Say) -> tuple[Installed | None, Exit]:
        """Raises TimeoutError."""
        said = [await _lines(reader, say) for reader in pipes.outputs()]
        async with asyncio.timeout(bounds.SECONDS):
            found = await asyncio.to_thread(_receive, pipes.archive, self._data)
            ended = await sandbox.exited
            for end in said:
                await end.wait()
        return found, ended


class _Pipes:
    """Standard output, standard error and the archive's way out."""

    def __init__(self) -> None:
        self._readers: dict[int, int] = {}
        self.inner: dict[int, int] = {}
        for number in (1, 2, OUT_FD):
            self._readers[number], self.inner[number] = os.pipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close_inner()
        for number in list(self._readers):
            os.close(self._readers.pop(number))

    @property
    def archive(self) -> int:
        """A duplicate, the caller's: a thread may still read it when everybody else has given up."""
        return os.dup(self._readers[OUT_FD])

    def outputs(self) -> list[int]:
        """The caller's from now on."""
        return [self._readers.pop(1), self._readers.pop(2)]

    def close_inner(self) -> None:
        while self.inner:
            os.close(self.inner.popitem()[1])


async def _lines(reader: int, say: Say) -> asyncio.Event:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    sink = Sink(
        room=lambda: 1000,
        line=lambda line: say(line.decode(errors="replace")),
        drop=lambda _lines: None,
        end=ended.set,
    )
    await loop.connect_read_pipe(lambda: LinePipe(loop, sink), os.fdopen(reader, "rb", buffering=0))
    return ended


class Said:
    """Passes on so many lines of npm's, and remembers what it complains of."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._left = bounds.OUTPUT_LINES
        self._complaints: list[str] = []

    def __call__(self, line: str) -> None:
        line = line[: bounds.LINE_CHARACTERS]
        self._left -= 1
        if self._left > 0:
            self._say(line)
        elif self._left == 0:
            self._say("… npm says more than is kept")
        if line.startswith(_ERROR) and line[len(_ERROR) :].strip() and len(self._complaints) < _COMPLAINTS:
            self._complaints.append(line.removeprefix(_ERROR).strip())

    @property
    def complaint(self) -> str:
        return "npm: " + " · ".join(self._complaints) if self._complaints else ""


def _open_door(sandbox: Sandbox, registry: Registry, private: tuple[Network, ...], say: Say) -> Door:
    gateway = Gateway(private=private, emit=lambda _call: None)
    terms = Deployment(
        team="",
        webtask=None,
        slot="install",
        version=None,
        label="install",
        entry="",
        files={},
        egress=(f"{registry.host}:{registry.port}",),
        limits=_LIMITS,
    )
    return gateway.open(
        sandbox.take_listeners(), terms, say=lambda _level, text, _id: say(text), sole=lambda: ""
    )


async def _addresses(registry: Registry) -> list[Network]:
    """Whoever chose the registry may have one of a private network, or on this very host."""
    with suppress(NoSuchName, Unresolved):
        found = await HostResolver().look_up(registry.host)
        return [ip_network(str(address)) for address in found]
    return []


def _receive(pipe: int, data: Path) -> Installed | None:
    """What the program sends, to a file below `data`. None when it ends too soon, or sends what nobody expects."""
    with (
        os.fdopen(pipe, "rb") as source,
        tempfile.NamedTemporaryFile(dir=data / "roots", prefix=LEFT, delete=False) as target,
    ):
        path = Path(target.name)
        head = _head(source.readline(bounds.HEAD_BYTES))
        size = 0
        while size <= bounds.ARCHIVE_BYTES and (chunk := source.read(_CHUNK)):
            size += len(chunk)
            target.write(chunk)
        target.flush()
        if head is None or not 0 < size <= bounds.ARCHIVE_BYTES:
            path.unlink()
            return None
        return Installed(path, digest_of(path), *head)


def _head(line: bytes) -> tuple[str, dict[str, str]] | None:
    try:
        said: Any = json.loads(line)
        lock, versions = said["lock"], said["versions"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(lock, str) or not isinstance(versions, dict):
        return None
    return lock, {str(name): str(version) for name, version in versions.items()}
