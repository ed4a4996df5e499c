"""What the host keeps of sandboxes besides processes, and that none of it stays: control groups, directories."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from executor.sandbox.clearance import clear, clear_dead
from executor.sandbox.hierarchy import Place
from executor.sandbox.sweep import sweep


class Ground:
    """One launcher's. Everything that may take its time is done in threads."""

    def __init__(self, places: Sequence[Place], jails: Path) -> None:
        self._places = places
        self._jails = jails
        self._clearing: set[asyncio.Future[None]] = set()

    def clear(self, left: str | None) -> None:
        """A dead sandbox's directory, if it had one. What does not go is swept with its zygote's."""
        if left is not None:
            work = asyncio.get_running_loop().run_in_executor(None, clear, Path(left))
            self._clearing.add(work)
            work.add_done_callback(self._cleared)

    async def sweep(self) -> None:
        """What zygotes that are no more have left, of this launcher or of one that was killed."""
        if self._clearing:
            await asyncio.wait(set(self._clearing))
        await asyncio.to_thread(sweep, self._places)
        await asyncio.to_thread(clear_dead, self._jails)

    def _cleared(self, work: "asyncio.Future[None]") -> None:
        self._clearing.discard(work)
        if not work.cancelled():
            work.exception()  # seen: the sweep tries again
