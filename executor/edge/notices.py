"""Lines in a team's log about requests that did not reach its code: who calls too often must not fill the log as well."""

from collections.abc import Callable
from time import monotonic

from executor.contract import Deployment
from executor.logs.line import Line, epoch_ms
from executor.logs.record import Origin, Record

EVERY_SECONDS = 10.0
MOST = 1000

Key = tuple[str, str | None, str]


class Notices:
    def __init__(self, emit: Callable[[Record], None], now: Callable[[], float] = monotonic) -> None:
        """`now` in seconds."""
        self._emit = emit
        self._now = now
        # Since when it was not told, and how often it happened meanwhile.
        self._told: dict[Key, tuple[float, int]] = {}

    def tell(self, deployment: Deployment, invocation: str, level: str, text: str) -> None:
        """At once, and then once in a while with a count. `text` says what a reader can do; it holds no caller's words."""
        key = (deployment.team, deployment.webtask, text)
        at, more = self._told.pop(key, (-EVERY_SECONDS, 0))
        if self._now() - at < EVERY_SECONDS:
            self._told[key] = (at, more + 1)
            return
        while len(self._told) >= MOST:
            del self._told[next(iter(self._told))]
        self._told[key] = (self._now(), 0)
        since = f" ({more:,} more since this was said)" if more else ""
        origin = Origin(deployment.team, deployment.webtask, deployment.label)
        line = Line(origin=origin, invocation=invocation, level=level, text=f"{text}{since}", time=epoch_ms())
        self._emit(line)
