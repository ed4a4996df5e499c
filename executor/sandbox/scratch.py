"""Bounds scratch space that is a directory of the host, where no file system of the right size can be mounted.

Looks again and again and ends whoever holds too much. What is deleted while still open is not seen; RLIMIT_FSIZE and
RLIMIT_NOFILE bound that.
"""

import asyncio
import os
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from executor.sandbox.policy import Tmpfs
from executor.sandbox.sandbox import Sandbox

_PAUSE = 0.25
_BLOCK = 512


class Scratches:
    """Those of one launcher's sandboxes."""

    def __init__(self, bounds: Sequence[Tmpfs]) -> None:
        """All of them lie in one directory."""
        self._bounds = bounds
        self._watched: dict[Sandbox, Path] = {}
        self._watching: asyncio.Task[None] | None = None

    def watch(self, sandbox: Sandbox, scratch: Path) -> None:
        """Until it is gone."""
        self._watched[sandbox] = scratch
        if self._watching is None:
            self._watching = asyncio.get_running_loop().create_task(self._watch())

    def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE)
            for sandbox in [it for it in self._watched if it.exited.done()]:
                del self._watched[sandbox]
            watched = dict(self._watched)
            # In a thread: somebody may have made it slow to look at.
            for sandbox in await asyncio.to_thread(self._overfull, watched):
                sandbox.overfill()

    def _overfull(self, watched: dict[Sandbox, Path]) -> list[Sandbox]:
        return [
            sandbox
            for sandbox, scratch in watched.items()
            if any(exceeds(scratch, one) for one in self._bounds)
        ]


def exceeds(scratch: Path, bounds: Tmpfs) -> bool:
    """Whether it holds more files or bytes. Counts no further than it has to."""
    files = size = 0
    waiting = deque([str(scratch)])
    while waiting:
        for status, path in _entries(waiting.popleft()):
            files += 1
            size += status.st_blocks * _BLOCK
            if files > bounds.inodes or size > bounds.size:
                return True
            if path is not None:
                waiting.append(path)
    return False


def _entries(directory: str) -> "list[tuple[os.stat_result, str | None]]":
    """Each with its path when it is a directory; whatever goes meanwhile is not there."""
    found = []
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                inner = entry.path if entry.is_dir(follow_symlinks=False) else None
                found.append((entry.stat(follow_symlinks=False), inner))
    except OSError:
        pass
    return found
