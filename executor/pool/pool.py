"""The pool: binds a blank worker late to a slot, finds it again, evicts, retires."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from executor.contract import Deployment, Limits
from executor.egress.door import Door
from executor.egress.gateway import Gateway
from executor.logs.collector import Collector
from executor.logs.event import SecurityEvent
from executor.logs.line import epoch_ms
from executor.logs.record import Origin, Record
from executor.pool import death
from executor.pool.crew import Crew
from executor.pool.death import Death
from executor.pool.nursery import NoWorker, Nursery
from executor.pool.queue import Queue
from executor.pool.room import Room
from executor.pool.spawn import Born, spawn
from executor.pool.watch import Watchdog
from executor.pool.weights import WHOLE
from executor.pool.worker import Worker
from executor.redaction import redactor_of
from executor.runtimes import node
from executor.sandbox.launcher import Launcher


class PoolBusy(Exception):
    """The deployment's worker has as many requests as its limit allows; the caller answers 429."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`blank` workers are kept ready; so many `workers` may be bound, and hold `memory` bytes together.

    After so many `requests` a worker is replaced by a fresh one.
    """

    blank: int
    workers: int
    memory: int = sys.maxsize
    requests: int = sys.maxsize


class Pool:
    def __init__(
        self,
        launcher: Launcher,
        *,
        size: Size,
        memory: int = Limits().memory_bytes,
        emit: Callable[[Record], None],
        gateway: Gateway | None = None,
        ask: Callable[[Deployment, bytes], Awaitable[bytes]] | None = None,
    ) -> None:
        """`memory` is the budget, in bytes, that the launcher's policy is made for: what most deployments have.

        `ask` answers the calls of their code.
        """
        self._launcher = launcher
        self._gateway = gateway
        self._ask = ask
        self._doors: dict[Worker, Door] = {}
        self._requests = size.requests
        self._room = Room(places=size.workers, memory=size.memory)
        self._queue = Queue(self._room.claim)
        self._memory = memory
        self._emit = emit
        self.changed = asyncio.Event()  # set when `blank` or `bound` may have changed
        self._crews: dict[str, Crew] = {}
        self._collectors: dict[Worker, Collector] = {}
        self._binding: dict[str, asyncio.Task[Worker]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._growing: set[asyncio.Task[None]] = set()
        self._nursery = Nursery(self._spawn, memory=memory, target=size.blank, on_change=self.changed.set)
        self._watchdog = Watchdog(self._collectors, then=self._tend)

    @property
    def blank(self) -> int:
        return len(self._nursery)

    @property
    def bound(self) -> int:
        return len(self._collectors) - len(self._nursery)

    def start(self) -> None:
        self._watching = asyncio.get_running_loop().create_task(self._watchdog.run())
        self._nursery.refill()

    # -- requests ------------------------------------------------------------------------------------------

    def find(self, deployment: Deployment) -> Worker | None:
        """The warm path: no await. Raises PoolBusy."""
        crew = self._crews.get(deployment.slot)
        worker = crew.pick(deployment) if crew else None
        if crew is None or worker is None:
            return None
        if crew.open >= worker.limits.concurrency:
            crew.turned_away["concurrency"] += 1
            raise PoolBusy(f"{worker.limits.concurrency} requests of this webtask are running already")
        return worker

    def turn_away(self, deployment: Deployment, limit: str) -> None:
        """The log will tell of it, when somebody is there to write it."""
        if crew := self._crews.get(deployment.slot):
            crew.turned_away[limit] += 1

    async def bind(self, deployment: Deployment) -> Worker:
        """Single flight: a hundred first requests start one worker. Raises PoolFull, NoWorker."""
        key = f"{deployment.team}/{deployment.slot}" if deployment.webtask is None else deployment.digest
        task = self._binding.get(key)
        if task is None:
            task = self._binding[key] = asyncio.get_running_loop().create_task(self._bind(deployment))
            task.add_done_callback(lambda _: self._binding.pop(key, None))
        with self._queue.seat(deployment.team):
            # Shielded: the request that came first may be cancelled by its client, the others must not suffer.
            return await asyncio.shield(task)

    def forget_token(self, jti: str) -> None:
        """What runs by it, in whatever team."""
        for slot in [slot for slot in self._crews if slot.startswith(f"token:{jti}:")]:
            self.forget(slot, at_once=True)

    def forget_team(self, team: str) -> None:
        for slot in [slot for slot, crew in self._crews.items() if crew.deployment.team == team]:
            self.forget(slot)

    def beside(self, team: str, webtask: str) -> list[Deployment]:
        """Versions of a webtask that run in slots of their own."""
        found = [crew.deployment for slot, crew in self._crews.items() if slot != f"{team}/{webtask}"]
        return [one for one in found if (one.team, one.webtask) == (team, webtask) and one.version]

    def holds(self, slot: str) -> bool:
        return slot in self._crews

    def forget(self, slot: str, *, at_once: bool = False) -> None:
        """What the slot runs is out of date: each of its workers ends with its last request.

        `at_once`: nobody may run it any more. Connections that speak another protocol close at the next look.
        """
        crew = self._crews.pop(slot, None)
        if crew is not None:
            crew.retire(at_once=at_once)

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        for task in self._growing:
            task.cancel()
        await self._nursery.close()
        for worker in list(self._collectors):
            worker.die(death.ended("the executor is stopping"))

    # -- binding -------------------------------------------------------------------------------------------

    async def _bind(self, deployment: Deployment) -> Worker:
        before = self._crews.get(deployment.slot)
        if before is not None and self._room.full:
            self._room.give_notice(before.workers)  # whoever replaces them takes a place of theirs
        queued = await self._queue.claim(deployment.team)
        born = await self._take(deployment)
        born.worker.queued = queued
        self._employ(born, deployment)
        self.forget(deployment.slot)
        self._crews[deployment.slot] = Crew(deployment, born.worker)
        return born.worker

    async def _take(self, deployment: Deployment) -> Born:
        """For a place that was claimed."""
        try:
            born = await self._nursery.take(deployment.limits.memory_bytes)
            await self._lend(born.worker, deployment.modules)
            return born
        finally:
            self._room.redeem(deployment.team)

    async def _lend(self, worker: Worker, modules: str) -> None:
        """Raises NoWorker."""
        if not modules or worker.sandbox is None or worker.sandbox.jail is None:
            return
        try:
            await asyncio.to_thread(self._launcher.lend, worker.sandbox, modules)
        except OSError as error:
            worker.die(death.ended("its packages cannot be lent"))
            raise NoWorker(f"the packages of this webtask cannot be lent: {error}") from error

    def _employ(self, born: Born, deployment: Deployment) -> None:
        self._room.take(deployment.team, born.worker)
        if born.worker.sandbox is not None:
            born.worker.sandbox.weigh(WHOLE)
        born.worker.on_idle = self._rouse
        origin = Origin(deployment.team, deployment.webtask, deployment.label)
        born.collector.bind(origin, deployment.limits, redactor_of(deployment))
        born.worker.bind(deployment)
        if self._ask is not None:
            born.worker.calls.open(partial(self._ask, deployment), deployment.limits)
        self._open_door(born, deployment)
        self.changed.set()

    def _open_door(self, born: Born, deployment: Deployment) -> None:
        """The worker's way out, from the moment it is somebody's."""
        worker, collector = born.worker, born.collector
        if worker.sandbox is not None and self._gateway is not None:
            listeners = worker.sandbox.take_listeners()
            door = self._gateway.open(listeners, deployment, say=collector.say, sole=worker.sole_invocation)
            self._doors[worker] = door
            collector.on_label = door.ledger.label

    def _rouse(self) -> None:
        """A place may be free now. Not at once: whoever tells is not done with its worker yet."""
        if self._queue:
            asyncio.get_running_loop().call_soon(self._queue.wake)

    # -- crews ---------------------------------------------------------------------------------------------

    def _tend(self) -> None:
        """Called a few times a second."""
        now = asyncio.get_running_loop().time()
        for crew in list(self._crews.values()):
            crew.tell_turned_away()
            if worn := crew.worn(self._requests):
                self._grow(crew, instead_of=worn)
            elif crew.crowded():
                self._grow(crew)
            elif spare := crew.spare(now):
                spare.die(death.ended("idle"))
        self._room.relieve()
        self._room.balance()

    def _grow(self, crew: Crew, *, instead_of: Worker | None = None) -> None:
        if crew.growing:
            return
        team = crew.deployment.team
        if instead_of is not None:
            self._room.exchange(team)
        elif not self._room.claim_spare(team):
            return
        crew.growing = True
        # The loop keeps only weak references to tasks; without ours one could vanish half way.
        task = asyncio.get_running_loop().create_task(self._reinforce(crew, instead_of))
        self._growing.add(task)
        task.add_done_callback(self._growing.discard)

    async def _reinforce(self, crew: Crew, instead_of: Worker | None) -> None:
        """One more worker, and then one less where it comes in the place of another."""
        try:
            born = await self._take(crew.deployment)
        except NoWorker:
            return  # those that are there go on; the nursery has logged why
        finally:
            crew.growing = False
        if self._crews.get(crew.deployment.slot) is not crew:
            born.worker.die(death.ended("not needed any more"))
            return
        self._employ(born, crew.deployment)
        crew.workers.append(born.worker)
        if instead_of is not None:
            instead_of.retire()

    async def _spawn(self, memory: int) -> Born:
        argv = None if memory == self._memory else node.argv(memory)
        born = await spawn(self._launcher, argv=argv, emit=self._emit, on_death=self._buried)
        self._collectors[born.worker] = born.collector
        return born

    def _buried(self, worker: Worker, why: Death) -> None:
        collector = self._collectors.pop(worker, None)
        if collector is not None and why.kind != "ended":
            collector.conclude(why.detail, worker.culprit)
            self._report(collector, why, worker.culprit)
        for slot, crew in list(self._crews.items()):
            if worker in crew.workers:
                crew.workers.remove(worker)
            if not crew.workers:
                del self._crews[slot]
        if door := self._doors.pop(worker, None):
            door.close()
        self._room.leave(worker)
        self._rouse()
        if worker in self._nursery:
            self._nursery.discard(worker)
        self.changed.set()

    def _report(self, collector: Collector, why: Death, invocation: str) -> None:
        if collector.origin is None or not why.breach:
            return
        event = SecurityEvent(
            origin=collector.origin,
            invocation=invocation,
            time=epoch_ms(),
            kind=why.breach,
            what=collector.redacted(why.what),
            text=collector.redacted(why.detail),
        )
        self._emit(event)
