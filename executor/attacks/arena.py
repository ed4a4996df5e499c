"""Where hostile programs meet the real walls: a launcher for each language, and a sandbox kept ready."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from executor.attacks.outcome import Outcome
from executor.attacks.running import GUEST, Running
from executor.contract import Deployment
from executor.egress.gateway import Gateway
from executor.egress.ports import listened_on
from executor.runtimes import node, python
from executor.sandbox import syscalls
from executor.sandbox.launcher import Launcher, Policy

BUDGET = 128 << 20
_WATCH_SECONDS = 0.1
_INSIDE = "/rt/executor"
_NOBODYS = Deployment(
    team="", webtask=None, slot="attack", version=None, label="attack", entry="attack", files={}
)


class Arena:
    """Lives in one event loop. Its launchers start with the first program of their language."""

    def __init__(self, data: Path, *, accept_weaker: frozenset[str] = frozenset()) -> None:
        """Roots are kept under `data`."""
        self._data = data
        self._accept_weaker = accept_weaker
        self._launchers: dict[tuple[str, str], Launcher] = {}
        self._next: dict[tuple[str, str], Running] = {}
        # The real one: what is refused to a webtask must be refused here.
        self._gateway = Gateway(emit=lambda _call: None)

    async def fight(self, language: str, source: str, *, walls: str | None = None) -> Outcome:
        """Runs `source` behind the walls of its runtime or, when named, of another.

        Kills it as soon as it says it has "started" something that would not end.
        Then the launcher must serve the next sandbox, which waits for the next fight.
        Raises SandboxUnavailable, SpawnFailed.
        """
        ring = (language, walls or language)
        launcher = await self._launcher(ring)
        running = self._next.pop(ring, None) or await Running.start(launcher)
        door = self._gateway.open(
            running.sandbox.take_listeners(), _NOBODYS, say=lambda *_: None, sole=lambda: ""
        )
        try:
            outcome = await _outlive(running, source)
        finally:
            door.close()
        self._next[ring] = await Running.start(launcher)
        return outcome

    async def close(self) -> None:
        for running in self._next.values():
            await running.stop()
        for launcher in self._launchers.values():
            await launcher.close()

    async def _launcher(self, ring: tuple[str, str]) -> Launcher:
        if ring not in self._launchers:
            language, walls = ring
            ports = listened_on(None)
            around = await asyncio.to_thread(policy, language, self._data, ports=ports, walls=walls)
            self._launchers[ring] = await Launcher.start(around, accept_weaker=self._accept_weaker)
        return self._launchers[ring]


def policy(language: str, data: Path, *, ports: tuple[int, ...] = (), walls: str | None = None) -> Policy:
    """Around a guest that runs what it is sent and may connect to `ports`. `walls` as in Arena.fight."""
    if walls is not None and walls != language:
        return replace(policy(language, data, ports=ports), rules=policy(walls, data).rules)
    if language == "node":
        return node.policy(node.prepare(data, GUEST), ports=ports)
    own = {"/rt/main.py": GUEST / "main.py", f"{_INSIDE}/attacks/guest/attack.py": GUEST / "attack.py"}
    own |= {f"{_INSIDE}/sandbox/syscalls.py": Path(syscalls.__file__)}
    return python.policy(python.prepare(data, own), ports=ports)


@contextlib.asynccontextmanager
async def _watching(running: Running) -> AsyncIterator[None]:
    """As the pool's watchdog does."""

    async def watch() -> None:
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            running.sandbox.check_memory()

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


async def _outlive(running: Running, source: str) -> Outcome:
    try:
        async with _watching(running):
            await _feed(running, source)
            ended, said, complained = await running.finish()
    except TimeoutError:
        ended, said, complained = await running.stop()
        return Outcome.of(ended, said, complained, hung=True)
    return Outcome.of(ended, said, complained)


async def _feed(running: Running, source: str) -> None:
    with contextlib.suppress(ConnectionError):  # it died before it was fed: its exit will tell
        await running.feed(source, BUDGET)
        if "started" in await running.line():
            running.sandbox.kill()
