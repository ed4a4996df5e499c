"""Who may call a private webtask: the console says, by what the caller shows, and is asked again after a moment."""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from executor.contract import PASSES_PATH, VISITORS_PATH
from executor.source import Refused

# What is revoked holds no longer than this, also where nothing was heard of it.
TTL_SECONDS = 2.0
# From then on it is asked for again, beside the request that it serves.
SOON_SECONDS = 1.0
MOST = 10_000
# Questions under way at once, of all and of one team: anybody may show anything.
MOST_ASKED, MOST_ASKED_OF_TEAM = 64, 16

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """`kind` is "bearer" or "key" for a token, "draft" for one whose author's draft is asked for, "session" or "pass" for a
    cookie."""

    kind: str
    value: str

    @property
    def is_cookie(self) -> bool:
        return self.kind in ("session", "pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is let in. `rates` are those of the token `jti`, as a deployment has them; `grant` names their draft."""

    team: str
    jti: str = ""
    rates: Mapping[str, int] = field(default_factory=dict)
    grant: str = ""


class Asked(Protocol):
    """The console, as executor.source has it."""

    async def ask(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Raises Refused, Unreachable."""


@dataclass(frozen=True, slots=True)
class _Known:
    visitor: Visitor
    at: float


class Visitors:
    def __init__(self, source: Asked, now: Callable[[], float] = time.monotonic) -> None:
        """`now` in seconds."""
        self._source = source
        self._now = now
        self._known: dict[Key, _Known] = {}
        self._asking: dict[Key, asyncio.Task[Visitor]] = {}
        self._asked: Counter[str] = Counter()

    async def admit(self, team: str, webtask: str, shown: Shown, *, method: str) -> Visitor:
        """Raises Refused, Unreachable."""
        # By digest: a memory dump of this process should not be a list of working credentials.
        key = (team, webtask, method, shown.kind, hashlib.sha256(shown.value.encode()).hexdigest())
        known = self._known.get(key)
        age = self._now() - known.at if known else TTL_SECONDS
        if known and age < TTL_SECONDS:
            if age > SOON_SECONDS:
                self._ask_once(key, shown)
            return known.visitor
        return await asyncio.shield(self._ask_once(key, shown))

    async def exchange(self, team: str, webtask: str, ticket: str, states: Sequence[str]) -> dict[str, Any]:
        """The pass that a ticket of the console's is good for, once: `pass`, `seconds`. Raises Refused, Unreachable."""
        told = {"team": team, "webtask": webtask, "ticket": ticket, "states": list(states)}
        with_pass: dict[str, Any] = (await self._source.ask("POST", PASSES_PATH, json=told)).json()
        return with_pass

    def forget(self) -> None:
        """Somebody may do less than before."""
        self._known.clear()
        # What is being asked may be answered from before the change.
        self._asking.clear()

    def _ask_once(self, key: Key, shown: Shown) -> "asyncio.Task[Visitor]":
        """Single flight. Raises Refused."""
        task = self._asking.get(key)
        if task is None:
            team = key[0]
            if self._asked[team] >= MOST_ASKED_OF_TEAM or self._asked.total() >= MOST_ASKED:
                raise Refused(429, "Too many credentials are being looked at. Try again.", _SOON)
            self._asked[team] += 1
            task = self._asking[key] = asyncio.ensure_future(self._ask(key, shown))
            task.add_done_callback(lambda done: self._answered(key, done))
        return task

    async def _ask(self, key: Key, shown: Shown) -> Visitor:
        team, webtask, method, kind, _ = key
        told = {"team": team, "webtask": webtask, "method": method, "kind": kind, "value": shown.value}
        asked_at = self._now()
        answer = (await self._source.ask("POST", VISITORS_PATH, json=told)).json()
        visitor = Visitor(team=team, jti=answer["jti"], rates=answer["rates"], grant=answer.get("grant", ""))
        # A draft may be another by the next time.
        if self._asking.get(key) is asyncio.current_task() and not visitor.grant:
            self._keep(key, _Known(visitor, asked_at))
        return visitor

    def _keep(self, key: Key, known: _Known) -> None:
        self._known.pop(key, None)
        while len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        self._known[key] = known

    def _answered(self, key: Key, task: "asyncio.Task[Visitor]") -> None:
        team = key[0]
        self._asked[team] -= 1
        if not self._asked[team]:
            del self._asked[team]
        if self._asking.get(key) is task:
            del self._asking[key]
            if not task.cancelled() and task.exception():
                # Also of one that was asked for early.
                self._known.pop(key, None)
        elif not task.cancelled():
            task.exception()  # every waiter may have gone


_SOON = (("retry-after", "1"),)
