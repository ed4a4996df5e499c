"""Which signed requests were let in already, for as long as each could be let in again. Of this node alone."""

import time
from collections.abc import Callable

# Beyond these the oldest are forgotten: of one webtask, of all.
MOST = 10_000
MOST_OF_ALL = 200_000


class Replays:
    def __init__(
        self, now: Callable[[], float] = time.time, *, most: int = MOST, of_all: int = MOST_OF_ALL
    ) -> None:
        """`now` in epoch seconds, as the senders' times are."""
        self._now = now
        self._most = most
        self._of_all = of_all
        # By webtask: what was signed, by its digest → until when it is known, the oldest first.
        self._seen: dict[str, dict[bytes, float]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def enter(self, webtask: str, signed: bytes, *, until: float) -> bool:
        """Whether it comes for the first time. It is known from now on."""
        self._drop_over(webtask)
        seen = self._seen.get(webtask, {})
        if seen.get(signed, 0.0) > self._now():
            return False
        self.forgive(webtask, signed)
        self._make_room(webtask)
        self._seen.setdefault(webtask, {})[signed] = until
        self._count += 1
        return True

    def forgive(self, webtask: str, signed: bytes) -> None:
        """It is as if it had not come: what failed may be tried again."""
        seen = self._seen.get(webtask)
        if seen is None or seen.pop(signed, None) is None:
            return
        self._count -= 1
        if not seen:
            del self._seen[webtask]

    def _drop_over(self, webtask: str) -> None:
        now = self._now()
        while (seen := self._seen.get(webtask)) and next(iter(seen.values())) <= now:
            self._drop_oldest(webtask)

    def _make_room(self, webtask: str) -> None:
        """Whoever fills the memory drives out its own: one team must not make another's replays pass."""
        mine = self._seen.get(webtask)
        if mine and (len(mine) >= self._most or self._count >= self._of_all):
            self._drop_oldest(webtask)
        elif self._count >= self._of_all:
            self._drop_oldest(max(self._seen, key=lambda name: len(self._seen[name])))

    def _drop_oldest(self, webtask: str) -> None:
        self.forgive(webtask, next(iter(self._seen[webtask])))
