"""The watchdog: looks at every worker a few times a second and ends those that exceed a limit."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from executor.logs.collector import Collector
from executor.pool import death
from executor.pool.death import Death
from executor.pool.place import Place
from executor.pool.states import State
from executor.pool.stream import Stream
from executor.pool.worker import Worker

log = logging.getLogger("executor.pool")

IDLE_SECONDS = 600.0
WATCH_SECONDS = 0.25
# Idle workers are looked at this many watches apart, to find a loop that a timer started after the answer.
IDLE_WATCHES = 20
# How long a condemned process has to say where it is. Code in one long native call cannot.
LAST_WORDS_SECONDS = 1.0
# How long a connection that speaks another protocol outlives the version that it was made to.
OUTLIVE_SECONDS = 5.0


class Watchdog:
    def __init__(self, workers: Mapping[Worker, Collector], *, then: Callable[[], None]) -> None:
        """`workers` is looked at afresh each time, and `then` is called when all were."""
        self._workers = workers
        self._then = then
        self._sentences: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        now, count = asyncio.get_running_loop().time, 0
        while True:
            asleep = now()
            await asyncio.sleep(WATCH_SECONDS)
            count += 1
            if now() - asleep > 2 * WATCH_SECONDS:
                # Our own loop was held up: answers may lie unread, and no guest shall die for our delay.
                continue
            for worker, collector in list(self._workers.items()):
                collector.tell_dropped()
                busy = worker.streams or worker.meter.unsettled
                if worker.alive and (busy or count % IDLE_WATCHES == 0):
                    self._look(worker, collector)
            try:
                self._then()
            except Exception:
                # Without the watchdog no limit would be kept from here on.
                log.exception("the pool could not be tended")

    def _look(self, worker: Worker, collector: Collector) -> None:
        if not worker.streams and worker.now() - worker.idle_since > IDLE_SECONDS:
            worker.die(death.ended("idle"))
            return
        _stop_overdue(worker)
        _hang_up(worker)
        worker.measure()
        sentence = _exhausted(worker) or _blocked(worker)
        if sentence is None or not worker.alive:
            return
        worker.condemn(sentence.of(""))
        # The loop keeps only weak references to tasks; without ours one could vanish half way.
        task = asyncio.get_running_loop().create_task(sentence.execute(worker, collector))
        self._sentences.add(task)
        task.add_done_callback(self._sentences.discard)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`of` makes the death, given the place where the code was."""

    of: Callable[[str], Death]
    culprits: Collection[Stream] = ()

    async def execute(self, worker: Worker, collector: Collector) -> None:
        place = Place(worker.files)
        collector.overhear(place.take)
        if worker.sandbox is not None:
            worker.sandbox.interrupt()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(place.known.wait(), LAST_WORDS_SECONDS)
        worker.die(self.of(place.text), self.culprits)


def _exhausted(worker: Worker) -> Sentence | None:
    meter = worker.meter
    if meter.exceeded(meter.background):
        used_ms = meter.background.used * 1000
        return Sentence(lambda place: death.exhausted(worker.limits, used_ms=used_ms, place=place, idle=True))
    culprits = [stream for stream in worker.streams.values() if meter.exceeded(stream.cpu)]
    if not culprits:
        return None
    used_ms = max(stream.cpu.used for stream in culprits) * 1000
    return Sentence(lambda place: death.exhausted(worker.limits, used_ms=used_ms, place=place), culprits)


def _blocked(worker: Worker) -> Sentence | None:
    used_ms = worker.blocked_seconds() * 1000
    if used_ms <= worker.limits.blocked_ms:
        return None
    return Sentence(lambda place: death.blocked(worker.limits, used_ms=used_ms, place=place))


def _stop_overdue(worker: Worker) -> None:
    """The worker is retired and not killed: a callback that never comes harms nobody else's request.

    A silent connection that speaks another protocol says nothing against the worker: others share its state.
    """
    late = worker.overdue()
    for stream in late:
        tell = death.silent if stream.switched else death.overdue
        why = tell(worker.limits, used_ms=(worker.now() - stream.active_at) * 1000)
        worker.say("info" if stream.switched else "error", why.detail, stream.invocation)
        stream.abort()
        stream.answer.on_death(why, culprit=True)
    if not all(stream.switched for stream in late):
        worker.retire()


def _hang_up(worker: Worker) -> None:
    """A connection without end would keep what was replaced alive with it; its client comes again, to the new."""
    if worker.state is not State.RETIRED or worker.now() - worker.retired_at < OUTLIVE_SECONDS:
        return
    for stream in [stream for stream in worker.streams.values() if stream.switched]:
        stream.abort()
        stream.answer.on_death(death.ended("replaced"), culprit=False)
