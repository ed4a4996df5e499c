"""Who was let in to what is private and is still there, by a connection that lasts: whether they still may.

They are asked about every two seconds, which is what anybody's leave is good for (executor.visitors), and at once when
somebody may do less than before.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from executor.contract import VISITORS_PATH
from executor.source import Refused, Unreachable
from executor.visitors import TTL_SECONDS, Asked, Shown

log = logging.getLogger("executor.visits")

# While the console is away nobody is let in; who is there already visits so long, for it may only be starting anew.
PATIENCE_SECONDS = 30.0
# Questions under way at once: who is there must not keep the console from those who come.
MOST_ASKED = 4

Leave = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody was let in to, and by what."""

    team: str
    webtask: str
    method: str
    shown: Shown


class Visits:
    def __init__(
        self, source: Asked, now: Callable[[], float] = time.monotonic, *, every: float = TTL_SECONDS
    ) -> None:
        """`now` and `every` in seconds."""
        self._source = source
        self._now = now
        self._every = every
        # Who came by the same is asked about once.
        self._there: dict[Visit, set[Leave]] = {}
        # Until when each may stay without another word of the console's.
        self._until: dict[Visit, float] = {}
        self._news = asyncio.Event()
        self._rounds: asyncio.Task[None] | None = None

    def enter(self, visit: Visit, leave: Leave) -> None:
        """`leave` is called when they may stay no longer."""
        self._there.setdefault(visit, set()).add(leave)
        self._until.setdefault(visit, self._now() + PATIENCE_SECONDS)
        if self._rounds is None:
            self._rounds = asyncio.get_running_loop().create_task(self._ask_by_turns())

    def depart(self, visit: Visit, leave: Leave) -> None:
        """They went by themselves."""
        leaves = self._there.get(visit)
        if leaves is not None:
            leaves.discard(leave)
            if not leaves:
                self._forget(visit)

    def look(self) -> None:
        """Somebody may do less than before."""
        self._news.set()

    async def _ask_by_turns(self) -> None:
        while self._there:
            try:
                async with asyncio.timeout(self._every):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            room = asyncio.Semaphore(MOST_ASKED)
            await asyncio.gather(*(self._ask(visit, room) for visit in list(self._there)))
        self._rounds = None

    async def _ask(self, visit: Visit, room: asyncio.Semaphore) -> None:
        shown = {"kind": visit.shown.kind, "value": visit.shown.value, "staying": True}
        told = {"team": visit.team, "webtask": visit.webtask, "method": visit.method, **shown}
        asked_at = self._now()
        try:
            async with room:
                await self._source.ask("POST", VISITORS_PATH, json=told)
        except Refused:
            self._end(visit)
        except Unreachable:
            if self._now() >= self._until.get(visit, 0.0):
                self._end(visit)
        except Exception:
            # Else nobody would be asked about any more.
            log.exception("whether somebody may stay in %s/%s could not be asked", visit.team, visit.webtask)
        else:
            if visit in self._there:
                self._until[visit] = asked_at + PATIENCE_SECONDS

    def _end(self, visit: Visit) -> None:
        leaves = self._there.get(visit, set())
        self._forget(visit)
        for leave in leaves:
            leave()

    def _forget(self, visit: Visit) -> None:
        self._there.pop(visit, None)
        self._until.pop(visit, None)
