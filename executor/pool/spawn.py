"""Makes one blank worker: a sandbox, its channel and its log pipes, up to the guest's READY."""

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from executor.logs.collector import Collector
from executor.logs.line import Line
from executor.pool import death
from executor.pool.death import Death
from executor.pool.worker import Worker
from executor.sandbox.launcher import Exit, Launcher

# A Node that cannot make its threads hangs instead of failing, so booting needs a deadline of its own.
BOOT_SECONDS = 10.0
CHANNEL_FD = 3


class BootError(Exception):
    """The runtime did not come up; the text carries what it last wrote to standard error."""


@dataclass(frozen=True, slots=True)
class Born:
    worker: Worker
    collector: Collector


async def spawn(
    launcher: Launcher, *, emit: Callable[[Line], None], on_death: Callable[[Worker, Death], None]
) -> Born:
    """Raises BootError or executor.sandbox's SpawnFailed; then nothing is left behind."""
    loop = asyncio.get_running_loop()
    worker, collector = Worker(loop, on_death=on_death), Collector(loop, emit)
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
        worker.sandbox = await launcher.spawn(inner)
    except BaseException:
        worker.die(death.ended("never started"))
        raise
    finally:
        theirs.close()
        for end in ends:
            os.close(end)
    worker.sandbox.exited.add_done_callback(lambda exited: _report(worker, collector, exited.result()))
    try:
        await asyncio.wait_for(asyncio.shield(worker.ready), BOOT_SECONDS)
    except (TimeoutError, ConnectionError) as error:
        worker.die(death.ended("did not start"))
        said = collector.stderr_tail().decode(errors="replace")
        raise BootError(
            f"the runtime did not start: {error or 'no READY in time'}; it said: {said!r}"
        ) from error
    return Born(worker, collector)


def _report(worker: Worker, collector: Collector, exit_: Exit) -> None:
    why = death.from_exit(
        code=exit_.code,
        signal=exit_.signal,
        stderr=collector.stderr_tail(),
        memory_bytes=worker.limits.memory_bytes,
    )
    worker.die(why)
