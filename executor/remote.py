"""Code that is kept elsewhere, fetched into the deployments that name it, and remembered by team and URL."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from executor.contract import Deployment
from executor.fetch import Call, Fetcher, Unfetchable
from executor.logs.egress import EgressCall
from executor.logs.line import epoch_ms
from executor.logs.outbox import Outbox
from executor.logs.record import Origin

TTL_SECONDS = 60.0
# Code that cannot be had again for now is better than none.
STALE_SECONDS = 3600.0
RETRY_SECONDS = 10.0
MAX_BYTES = 64 << 20
MAX_WHOLE = 1_000

Place = tuple[str, str]


@dataclass(slots=True)
class _Kept:
    text: str
    at: float


@dataclass(slots=True)
class _Whole:
    deployment: Deployment
    until: float


class Remote:
    def __init__(self, fetcher: Fetcher, outbox: Outbox) -> None:
        self._fetcher = fetcher
        self._outbox = outbox
        self._kept: dict[Place, _Kept] = {}
        self._bytes = 0
        self._whole: dict[str, _Whole] = {}
        self._purges = 0
        self._fetching: dict[Place, asyncio.Task[str]] = {}

    def known(self, deployment: Deployment) -> Deployment | None:
        """The deployment with all its code, when no part of it must be fetched: no await."""
        if not deployment.remotes:
            return deployment
        whole = self._whole.get(deployment.digest)
        return whole.deployment if whole and whole.until > _now() else None

    async def whole(self, deployment: Deployment, *, invocation: str, fresh: bool = False) -> Deployment:
        """The deployment with all its code; `fresh` fetches what is remembered, too. Raises Unfetchable."""
        if not fresh and (known := self.known(deployment)) is not None:
            return known
        if fresh:
            self._drop(self._places(deployment))
        purges = self._purges
        files = dict(deployment.files)
        for url in deployment.remotes:
            text = await self._text(url, deployment, invocation)
            files[deployment.entry if url == deployment.url else url] = text
        made = replace(deployment, files=files)
        kept = [self._kept[place].at for place in self._places(deployment) if place in self._kept]
        if purges == self._purges:
            until = max(min(kept, default=0.0) + TTL_SECONDS, _now() + RETRY_SECONDS)
            self._remember(deployment.digest, _Whole(made, until))
        return made

    def _remember(self, digest: str, whole: _Whole) -> None:
        self._whole = {key: one for key, one in self._whole.items() if one.until > _now()}
        while len(self._whole) >= MAX_WHOLE:
            del self._whole[next(iter(self._whole))]
        self._whole[digest] = whole

    def purge(self, team: str, webtask: str | None = None) -> int:
        """Forgets what was fetched for a team, or for one of its webtasks. How much that was."""
        mine = {
            digest: whole.deployment
            for digest, whole in self._whole.items()
            if whole.deployment.team == team and webtask in {None, whole.deployment.webtask}
        }
        if webtask is None:
            places = [place for place in self._kept if place[0] == team]
        else:
            places = [place for one in mine.values() for place in self._places(one) if place in self._kept]
        self._purges += 1
        for digest in mine:
            del self._whole[digest]
        self._drop(places)
        return len(mine) + len(places)

    def _places(self, deployment: Deployment) -> list[Place]:
        # By team: what one fetched is no other's to run or to forget.
        return [(deployment.team, url) for url in deployment.remotes]

    def _drop(self, places: Iterable[Place]) -> None:
        for place in places:
            kept = self._kept.pop(place, None)
            self._bytes -= len(kept.text) if kept else 0
            # What is under way may be older than the wish to forget it.
            self._fetching.pop(place, None)

    async def _text(self, url: str, deployment: Deployment, invocation: str) -> str:
        """Single flight: a hundred first requests fetch once."""
        place = (deployment.team, url)
        kept = self._kept.get(place)
        if kept and _now() - kept.at < TTL_SECONDS:
            return kept.text
        task = self._fetching.get(place)
        if task is None:
            task = asyncio.ensure_future(self._fetch(url, deployment, invocation))
            self._fetching[place] = task
            task.add_done_callback(lambda done: self._fetched(place, done))
        try:
            return await asyncio.shield(task)
        except Unfetchable:
            if kept and _now() - kept.at < STALE_SECONDS:
                return kept.text
            raise

    def _fetched(self, place: Place, task: "asyncio.Task[str]") -> None:
        asked = self._fetching.get(place) is task
        if asked:
            del self._fetching[place]
        if task.cancelled() or task.exception() or not asked:
            return
        self._drop([place])
        self._kept[place] = _Kept(task.result(), _now())
        self._bytes += len(task.result())
        while self._bytes > MAX_BYTES:
            self._drop([next(iter(self._kept))])
            self._whole.clear()  # they hold what was dropped

    async def _fetch(self, url: str, deployment: Deployment, invocation: str) -> str:
        origin = Origin(deployment.team, deployment.webtask, deployment.label)

        def note(call: Call) -> None:
            self._outbox.put(
                EgressCall(
                    origin=origin,
                    invocation=invocation,
                    time=began,
                    ms=epoch_ms() - began,
                    host=call.host,
                    port=call.port,
                    address=call.address,
                    sent=call.sent,
                    received=call.received,
                    verdict=call.verdict,
                )
            )

        began = epoch_ms()
        return await self._fetcher.text(url, most=deployment.limits.code_bytes, note=note)


def _now() -> float:
    return asyncio.get_running_loop().time()
