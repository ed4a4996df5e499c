"""Everything that one command runs, started and stopped in order.

Start: server, worker, clock, executor. Stop: executor (it sends its last log lines over the link), worker and
clock, server. The whole stop is bounded: what a kill leaves undone, leases and acknowledgements make good.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from channels.layers import get_channel_layer  # type: ignore[import-untyped]
from django.conf import settings
from django.db import connection

from console.jobs import queue
from console.jobs.clock import Clock
from console.jobs.worker import Worker
from console.serve.child import Child, GaveUp
from console.serve.server import Server
from console.webtasks.events import STATES

EXECUTOR_SECONDS = 3.2
WORKER_SECONDS = 1.5
STOP_SECONDS = 4.8

logger = logging.getLogger(__name__)


def _release() -> None:
    queue.release_orphans()
    connection.close()


class Service:
    def __init__(self, *, with_executor: bool, on_serving: Callable[[], None]) -> None:
        self._on_serving = on_serving
        self._server = Server(settings.CONSOLE_SOCKET)
        self._child = Child() if with_executor else None
        self._worker = Worker()
        self._clock = Clock()
        self._code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._parts: list[asyncio.Task[None]] = []

    async def run(self) -> int:
        """Returns the exit code: 0 after a signal, 1 when a part could not be kept running."""
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._on_signal)
        serving = self._keep(self._server.serve())
        self._keep(self._start())
        code = await self._code
        await self._wind_down(serving)
        return code

    async def _start(self) -> None:
        await self._server.up.wait()
        if settings.BROKER_URL.startswith("memory:"):
            # The only worker is the one that starts here: what another had under way, a kill broke off.
            await asyncio.to_thread(_release)
        self._worker.start()
        self._clock.start()
        if self._child:
            self._keep(self._child.keep())
            await self._executor_ready()
            self._child.proven = True
        self._on_serving()

    async def _executor_ready(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel("serve")
        await layer.group_add(STATES, channel)
        while not (await layer.receive(channel))["ready"]:
            pass
        await layer.group_discard(STATES, channel)

    async def _wind_down(self, serving: "asyncio.Task[None]") -> None:
        if self._child:
            await asyncio.gather(self._child.stop(EXECUTOR_SECONDS), self._stop_threads())
        else:
            await self._stop_threads()
        self._server.should_exit = True
        await asyncio.wait({serving})

    async def _stop_threads(self) -> None:
        if self._clock.is_alive():
            await asyncio.to_thread(self._clock.stop)
        if self._worker.is_alive() and not await asyncio.to_thread(self._worker.stop, WORKER_SECONDS):
            logger.warning("a job is still running; it is done again when its lease has run out")

    def _keep(self, part: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Runs `part`; should it fail, the whole ends."""
        task = asyncio.get_running_loop().create_task(part)
        self._parts.append(task)
        task.add_done_callback(self._on_part_ended)
        return task

    def _on_part_ended(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if self._code.done() or error is None:
            return
        if isinstance(error, GaveUp):
            logger.error("%s", error)
        else:
            logger.error("a part of the service failed", exc_info=error)
        self._end(1)

    def _on_signal(self) -> None:
        if self._code.done():
            logger.warning("stopping at once")
            os._exit(1)
        self._end(0)

    def _end(self, code: int) -> None:
        self._code.set_result(code)
        # In a thread: whatever holds up the loop must not hold up this.
        bound = threading.Timer(STOP_SECONDS, os._exit, [1])
        bound.daemon = True
        bound.start()
