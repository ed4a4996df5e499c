"""Makes one blank worker: a sandbox, its channel and its log pipes, up to the guest's READY."""

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from executor.logs.collector import Collector
from executor.logs.line import Line
from executor.pool import death
from executor.pool.death import Death
from executor.pool.worker import Worker
from executor.sandbox.launcher import Launcher
from executor.sandbox.sandbox import Sandbox

# A Node that cannot make its threads hangs instead of failing, so booting needs a deadline of its own.
BOOT_SECONDS = 10.0
LAST_WORDS_SECONDS = 1.0
CHANNEL_FD = 3
# Beside workers that serve, where there are control groups: per cent of what each of those gets of the processors.
BOOT_WEIGHT = 25

_tasks: set[asyncio.Task[None]] = set()


class BootError(Exception):
    """The runtime did not come up; the text carries what it last wrote to standard error."""


@dataclass(frozen=True, slots=True)
class Born:
    worker: Worker
    collector: Collector


async def spawn(
    launcher: Launcher,
    *,
    argv: Sequence[str] | None = None,
    emit: Callable[[Line], None],
    on_death: Callable[[Worker, Death], None],
) -> Born:
    """`argv` instead of the launcher's own, for a worker of another size.

    Raises BootError or executor.sandbox's SpawnFailed; then nothing is left behind.
    """
    loop = asyncio.get_running_loop()
    worker, collector = Worker(loop, on_death=on_death), Collector(loop, emit)
    worker.say = collector.say
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    inner: dict[int, int] = {CHANNEL_FD: theirs.fileno()}
    ends: list[int] = []
    try:
        for inner_fd, pipe in collector.pipes().items():
            reader, inner[inner_fd] = os.pipe()
            ends.append(inner[inner_fd])
            await loop.connect_read_pipe(lambda pipe=pipe: pipe, os.fdopen(reader, "rb", buffering=0))  # type: ignore[misc]
        ours.setblocking(False)
        await loop.create_unix_connection(lambda: worker, sock=ours)
        worker.sandbox = await launcher.spawn(inner, argv=argv)
        worker.sandbox.weigh(BOOT_WEIGHT)
    except BaseException:
        worker.die(death.ended("never started"))
        raise
    finally:
        theirs.close()
        for end in ends:
            os.close(end)
    _in_background(_bury(worker, worker.sandbox, collector))
    try:
        await asyncio.wait_for(asyncio.shield(worker.ready), BOOT_SECONDS)
    except (TimeoutError, ConnectionError) as error:
        worker.die(death.ended("did not start"))
        said = collector.stderr_tail().decode(errors="replace")
        raise BootError(
            f"the runtime did not start: {str(error) or 'no READY in time'}; it said: {said!r}"
        ) from error
    return Born(worker, collector)


async def _bury(worker: Worker, sandbox: Sandbox, collector: Collector) -> None:
    """Waits for the process to end, and for its last words, which tell why."""
    exit_ = await sandbox.exited
    with suppress(TimeoutError):
        await asyncio.wait_for(collector.ended.wait(), LAST_WORDS_SECONDS)
    why = death.from_exit(exit_, stderr=collector.stderr_tail(), limits=worker.limits)
    worker.die(why)


def _in_background(coroutine: Coroutine[Any, Any, None]) -> None:
    # The loop keeps only weak references to tasks; without ours one could vanish half way.
    task = asyncio.get_running_loop().create_task(coroutine)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
