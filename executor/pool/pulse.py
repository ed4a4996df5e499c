"""Whether a guest's event loop turns: it is asked now and then, and must repeat a word that it cannot know before."""

import secrets
from collections.abc import Callable

from executor.pool import frames
from executor.sandbox.sandbox import Schedule


class Pulse:
    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._word = b""
        self._asked: tuple[float, Schedule | None] | None = None
        # A look of the watchdog's found that the guest had not answered the look before.
        self.slow = False

    def heard(self, payload: bytes) -> None:
        """A PONG. Raises FrameError for one that is no answer."""
        if self._asked is None or payload != self._word:
            raise frames.FrameError("PONG that nobody asked for")
        self._asked, self.slow = None, False

    def stopped(self, now: float, schedule: Schedule | None) -> float:
        """For how many seconds the loop has not turned; asks it to answer for the next time.

        Time in which the process waited for a processor does not count: its loop would have turned.
        """
        if self._asked is None:
            self._asked = now, schedule
            self._word = secrets.token_bytes(8)
            self._write(frames.encode(frames.PING, 0, self._word))
            return 0.0
        self.slow = True
        since, then = self._asked
        passed = now - since
        if schedule is None or then is None:
            return passed
        if schedule.runnable:  # how long it has waited this time is not counted before its turn comes
            return min(passed, schedule.ran - then.ran)
        return passed - (schedule.waited - then.waited)
