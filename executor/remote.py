"""Code that is kept elsewhere, fetched into the deployments that name it, and remembered by team and URL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from executor.contract import Deployment
from executor.fetch import Call, Fetcher, Unfetchable
from executor.logs.egress import EgressCall
from executor.logs.line import epoch_ms
from executor.logs.outbox import Outbox
from executor.logs.record import Origin
from executor.redaction import redactor_of
from executor.shelf import Shelf

TTL_SECONDS = 60.0
# Code that cannot be had again for now is better than none.
STALE_SECONDS = 3600.0
RETRY_SECONDS = 10.0
# Anybody may ask for it to be fetched afresh, and not more often than this.
FRESH_SECONDS = 1.0
MAX_BYTES = 64 << 20
MAX_REMOTES = 16
# Fetches at once, of all and of one team.
MOST, MOST_OF_TEAM = 32, 4
# What a text costs beside its bytes.
_OVERHEAD = 1_000

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    size: int
    at: float


@dataclass(frozen=True, slots=True)
class _Whole:
    deployment: Deployment
    until: float


@dataclass(slots=True)
class _Turns:
    free: asyncio.Semaphore
    users: int = 0


class Remote:
    def __init__(self, fetcher: Fetcher, outbox: Outbox) -> None:
        self._fetcher = fetcher
        self._outbox = outbox
        self._texts: Shelf[Place, _Text] = Shelf(MAX_BYTES)
        self._whole: Shelf[str, _Whole] = Shelf(MAX_BYTES)
        self._purges = 0
        self._fetching: dict[Place, asyncio.Task[_Text]] = {}
        self._turns: dict[str, _Turns] = {}
        self._all_turns = asyncio.Semaphore(MOST)

    def known(self, deployment: Deployment) -> Deployment | None:
        """The deployment with all its code, when no part of it must be fetched: no await."""
        if not deployment.remotes:
            return deployment
        whole = self._whole.get(deployment.digest)
        return whole.deployment if whole and whole.until > _now() else None

    async def whole(self, deployment: Deployment, *, invocation: str, fresh: bool = False) -> Deployment:
        """The deployment with all its code; `fresh` asks again for what is remembered. Raises Unfetchable."""
        if not fresh and (known := self.known(deployment)) is not None:
            return known
        if len(deployment.remotes) > MAX_REMOTES:
            raise Unfetchable(400, f"it is at more than {MAX_REMOTES} URLs")
        purges = self._purges
        files = dict(deployment.files)
        left = deployment.limits.code_bytes - sum(len(text.encode()) for text in files.values())
        oldest = _now()
        for url in deployment.remotes:
            found = await self._text(url, deployment, invocation, fresh=fresh)
            files[deployment.entry if url == deployment.url else url] = found.text
            oldest = min(oldest, found.at)
            left -= found.size
            if left < 0:
                limit = deployment.limits.code_bytes
                raise Unfetchable(400, f"all together it is larger than the limit of {limit:,} bytes")
        made = replace(deployment, files=files)
        if purges == self._purges:
            until = max(oldest + TTL_SECONDS, _now() + RETRY_SECONDS)
            size = deployment.limits.code_bytes - left + _OVERHEAD
            self._whole.put(deployment.digest, _Whole(made, until), team=deployment.team, size=size)
        return made

    def purge(self, team: str, webtask: str | None = None) -> None:
        """Forgets what was fetched for a team, or for one of its webtasks."""
        self._purges += 1
        places = {place for place in (*self._texts.of_team(team), *self._fetching) if place[0] == team}
        if webtask is not None:
            mine = [whole.deployment for whole in self._whole.of_team(team).values()]
            named = {url for one in mine if one.webtask == webtask for url in one.remotes}
            places = {place for place in places if place[1] in named}
        for digest, whole in self._whole.of_team(team).items():
            if webtask in {None, whole.deployment.webtask}:
                self._whole.drop(digest)
        for place in places:
            self._texts.drop(place)
            # What is under way may be older than the wish to forget it.
            self._fetching.pop(place, None)

    async def _text(self, url: str, deployment: Deployment, invocation: str, *, fresh: bool) -> _Text:
        """Single flight: a hundred first requests fetch once."""
        # By team: what one fetched is no other's to run or to forget.
        place = (deployment.team, url)
        kept = self._texts.get(place)
        if kept and _now() - kept.at < (FRESH_SECONDS if fresh else TTL_SECONDS):
            return kept
        task = self._fetching.get(place)
        if task is None:
            task = self._fetching[place] = asyncio.ensure_future(self._fetch(place, deployment, invocation))
            task.add_done_callback(lambda done: self._fetched(place, done))
        try:
            return await asyncio.shield(task)
        except Unfetchable:
            if kept and _now() - kept.at < STALE_SECONDS:
                return kept
            raise

    def _fetched(self, place: Place, task: "asyncio.Task[_Text]") -> None:
        asked = self._fetching.get(place) is task
        if asked:
            del self._fetching[place]
        if task.cancelled() or task.exception() or not asked:
            return
        found = task.result()
        self._texts.put(place, found, team=place[0], size=found.size + _OVERHEAD)

    async def _fetch(self, place: Place, deployment: Deployment, invocation: str) -> _Text:
        origin = Origin(deployment.team, deployment.webtask, deployment.label)

        def note(call: Call) -> None:
            self._outbox.put(
                EgressCall(
                    origin=origin,
                    invocation=invocation,
                    time=began,
                    ms=epoch_ms() - began,
                    host=redactor_of(deployment).host(call.host),
                    port=call.port,
                    address=call.address,
                    sent=call.sent,
                    received=call.received,
                    verdict=call.verdict,
                )
            )

        async with self._turn(deployment.team):
            began = epoch_ms()
            text = await self._fetcher.text(place[1], most=deployment.limits.code_bytes, note=note)
        return _Text(text, len(text.encode()), _now())

    @asynccontextmanager
    async def _turn(self, team: str) -> AsyncIterator[None]:
        """Slow servers that a stranger chose must not fill our memory with what they send."""
        turns = self._turns.setdefault(team, _Turns(asyncio.Semaphore(MOST_OF_TEAM)))
        turns.users += 1
        try:
            async with turns.free, self._all_turns:
                yield
        finally:
            turns.users -= 1
            if not turns.users:
                del self._turns[team]


def _now() -> float:
    return asyncio.get_running_loop().time()
