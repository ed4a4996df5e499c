"""Keeps a few blank workers ready, so that nobody waits for a runtime to start.

A start takes a processor for some 60 ms, which whoever took a blank worker needs at that moment. So they are made one
after another, and not at once: the fewer are left the sooner, and at once only for a request that waits.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from executor.pool.spawn import BOOT_SECONDS, BootError, Born
from executor.pool.worker import Worker
from executor.sandbox.launcher import SpawnFailed

log = logging.getLogger("executor.pool")

BACKOFF_SECONDS = (0.1, 0.5, 2.0, 5.0, 15.0)
# After one was taken, while none of the others is missing.
CALM_SECONDS = 0.2


class NoWorker(Exception):
    """No blank worker could be had in time; the text says what hinders."""


class Nursery:
    def __init__(
        self,
        spawn: Callable[[int], Awaitable[Born]],
        *,
        memory: int,
        target: int,
        on_change: Callable[[], None],
    ) -> None:
        """`spawn` makes a worker with a budget of so many bytes; blank ones have `memory`."""
        self._spawn = spawn
        self._memory = memory
        self._target = target
        self._on_change = on_change
        self._blank: deque[Born] = deque()
        self._spawning: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._failure = ""
        self._change = asyncio.Event()
        self._waiting = 0
        self._taken_at = -CALM_SECONDS
        self._calm: asyncio.TimerHandle | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._blank)

    def __contains__(self, worker: Worker) -> bool:
        return any(born.worker is worker for born in self._blank)

    def refill(self) -> None:
        if self._calm is not None:
            self._calm.cancel()
            self._calm = None
        if self._closed:
            return
        # The first ones all at once: there is nobody yet to hold up.
        while self._missing and (len(self._spawning) < self._waiting or self._taken_at < 0):
            self._start()
        if not self._missing or self._spawning:
            return
        loop = asyncio.get_running_loop()
        due = self._taken_at + CALM_SECONDS * len(self._blank) / self._target
        if due <= loop.time():
            self._start()
        else:
            self._calm = loop.call_at(due, self.refill)

    @property
    def _missing(self) -> bool:
        return len(self._blank) + len(self._spawning) < self._target

    def _start(self) -> None:
        # The loop keeps only weak references to tasks; without ours one could vanish half way.
        task = asyncio.get_running_loop().create_task(self._bear())
        self._spawning.add(task)
        task.add_done_callback(self._borne)

    async def take(self, memory: int) -> Born:
        """Raises NoWorker when workers cannot be started, or none came within the boot time."""
        if memory != self._memory:
            return await self._made_to_measure(memory)
        try:
            born = await asyncio.wait_for(self._first(), BOOT_SECONDS)
        except TimeoutError:
            raise NoWorker("no worker became ready in time") from None
        self._taken_at = asyncio.get_running_loop().time()
        self.refill()
        return born

    async def _made_to_measure(self, memory: int) -> Born:
        """A runtime's heap is sized once, at its start: who wants another size than the blank ones' waits for it."""
        try:
            return await self._spawn(memory)
        except (BootError, SpawnFailed, OSError) as error:
            log.error("no worker of %d bytes: %s", memory, error)
            raise NoWorker(f"no worker can be started: {error}") from error

    async def _first(self) -> Born:
        self._waiting += 1
        try:
            while not self._blank:
                if self._failures > 1:
                    raise NoWorker(f"no worker can be started: {self._failure}")
                self.refill()
                self._change.clear()
                await self._change.wait()
        finally:
            self._waiting -= 1
        return self._blank.popleft()

    def discard(self, worker: Worker) -> None:
        """A blank worker died on its own."""
        self._blank = deque(born for born in self._blank if born.worker is not worker)
        self.refill()

    async def close(self) -> None:
        self._closed = True
        if self._calm is not None:
            self._calm.cancel()
        for task in self._spawning:
            task.cancel()
        await asyncio.gather(*self._spawning, return_exceptions=True)

    async def _bear(self) -> None:
        if self._failures:
            await asyncio.sleep(BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS)) - 1])
        try:
            self._blank.append(await self._spawn(self._memory))
            self._failures = 0
        except (BootError, SpawnFailed, OSError) as error:
            self._failures += 1
            self._failure = str(error)
            log.error("no worker (failure %d in a row): %s", self._failures, error)

    def _borne(self, task: asyncio.Task[None]) -> None:
        self._spawning.discard(task)
        self._change.set()
        self.refill()
        self._on_change()
