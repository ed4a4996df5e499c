"""One team's way to the console: so many calls under way, so many a second; who wants more waits."""

import asyncio

# Of one team at once: a loop of calls in one team's code must not make the others wait.
MOST = 2
# Calls a second, and as many as this time saves up at once. The console serves people with the same processor.
RATE = 200
BURST_SECONDS = 2.0


class Lane:
    __slots__ = ("_due", "_open", "_turns")

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(MOST)
        self._open = 0  # calls that wait or are under way
        # When the next call may begin; in the past, the calls that it saved up.
        self._due = float("-inf")

    def idle(self, now: float) -> bool:
        """As good as a new one."""
        return not self._open and self._due < now - BURST_SECONDS

    async def enter(self, weight: int = 1) -> None:
        """Returns when it is the caller's turn; `leave` ends it. To be cancelled is to leave.

        What works the console harder counts as so many calls.
        """
        self._open += 1
        try:
            await self._turns.acquire()
        except asyncio.CancelledError:
            self._open -= 1
            raise
        now = asyncio.get_running_loop().time()
        self._due = max(self._due, now - BURST_SECONDS) + weight / RATE
        try:
            if self._due > now:
                await asyncio.sleep(self._due - now)
        except asyncio.CancelledError:
            self.leave()
            raise

    def leave(self) -> None:
        self._open -= 1
        self._turns.release()
