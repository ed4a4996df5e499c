"""Asks the console what to run, and remembers: ETag and time to live keep it right, the link keeps it fast."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx

from executor import console
from executor.ceilings import clamp
from executor.config import Config
from executor.contract import DELIVERIES_PATH, DEPLOYMENT_PATH, GRANT_HEADER, LEAVE_PATH, Deployment
from executor.modules.library import Library, Unavailable

# How long an answer is used without asking again when no change was announced.
TTL_SECONDS = 30.0
# The same while the link has stood since the answer: it is used at once, and asked for again beside that.
LINKED_SECONDS = 600.0
MAX_REMEMBERED = 10_000
MAX_REMEMBERED_BYTES = 256 << 20  # of code

Answer = TypeVar("Answer")


class Refused(Exception):
    """The console says no: `status` and `message` go to the caller as they are."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Unreachable(Exception):
    """The console did not answer, and nothing usable is remembered."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What a token may run ad hoc: a deployment that lacks only its code."""

    token: str
    template: Deployment


@dataclass(slots=True)
class _Remembered:
    deployment: Deployment
    etag: str  # of the console's, whose limits may be higher
    at: float
    # The link that would have told of a change; None while there was none.
    link: object

    @property
    def size(self) -> int:
        return sum(map(len, self.deployment.files.values()))


class Source:
    def __init__(self, config: Config, modules: Path | None = None) -> None:
        """With `modules`, the directory where sandboxes find packages, a deployment comes when its own are there."""
        self._client = console.client(config)
        self._library = Library(modules, self._client) if modules else None
        self._deployments: dict[tuple[str, str], _Remembered] = {}
        self._bytes = 0
        # Whoever tells of changes. While it stands, what was asked since it came is known to be true.
        self.link: object = None
        self._leaves: dict[tuple[str, str], tuple[Leave, float]] = {}
        self._asking: dict[object, asyncio.Task[Any]] = {}
        self._ceiling = config.ceiling

    async def close(self) -> None:
        await self._client.aclose()

    # -- named webtasks ------------------------------------------------------------------------------------

    def remembered(self, team: str, webtask: str) -> Deployment | None:
        """The warm path: no await. None when the console must be asked."""
        entry = self._deployments.get((team, webtask))
        if entry is None:
            return None
        age = asyncio.get_running_loop().time() - entry.at
        if age > TTL_SECONDS:
            if self.link is None or entry.link is not self.link or age > LINKED_SECONDS:
                return None
            self.learn(team, webtask)
        return entry.deployment

    def learn(self, team: str, webtask: str) -> None:
        """Asks for the live deployment, so that the next request need not."""
        self._ask_once((team, webtask), lambda: self._fetch(team, webtask))

    async def deployment(self, team: str, webtask: str) -> Deployment:
        """The live deployment. Raises Refused, Unreachable."""
        return await self._once((team, webtask), lambda: self._fetch(team, webtask))

    async def granted(self, team: str, webtask: str, grant: str) -> Deployment:
        """The draft or version that `grant` names; never remembered. Raises Refused, Unreachable."""
        path = DEPLOYMENT_PATH.format(team=team, webtask=webtask)
        response = await self._ask("GET", path, headers={GRANT_HEADER: grant})
        return await self._complete(Deployment.from_json(response.json()))

    def forget(self, team: str, webtask: str) -> None:
        self._drop((team, webtask))
        # An answer under way may be older than the change; the next request must ask afresh.
        self._asking.pop((team, webtask), None)

    def known(self, team: str) -> list[str]:
        """Of a team: what is remembered, and what is being asked for."""
        named = [key for key in (*self._deployments, *self._asking) if isinstance(key, tuple)]
        return sorted({webtask for owner, webtask in named if owner == team})

    async def _fetch(self, team: str, webtask: str) -> Deployment:
        known = self._deployments.get((team, webtask))
        headers = {"if-none-match": f'"{known.etag}"'} if known else {}
        link = self.link
        task = asyncio.current_task()
        try:
            path = DEPLOYMENT_PATH.format(team=team, webtask=webtask)
            response = await self._ask("GET", path, headers=headers)
        except Unreachable:
            if known:  # better the last known version than none while the console restarts
                return known.deployment
            raise
        except Refused:
            self._drop((team, webtask))
            raise
        if response.status_code == 304 and known:
            deployment, etag = known.deployment, known.etag
        else:
            told = Deployment.from_json(response.json())
            deployment, etag = await self._complete(told), told.digest
        if self._asking.get((team, webtask)) is task:
            at = asyncio.get_running_loop().time()
            self._remember((team, webtask), _Remembered(deployment, etag, at, link))
        return deployment

    async def _complete(self, deployment: Deployment) -> Deployment:
        """Raises Unreachable."""
        try:
            if self._library is not None:
                await self._library.ensure(deployment.modules)
        except Unavailable as error:
            raise Unreachable(str(error)) from error
        return self._bounded(deployment)

    def _bounded(self, deployment: Deployment) -> Deployment:
        """This node's ceilings win over whatever the console allows."""
        return replace(deployment, limits=clamp(deployment.limits, self._ceiling))

    def _remember(self, key: tuple[str, str], entry: _Remembered) -> None:
        self._drop(key)
        self._deployments[key] = entry
        self._bytes += entry.size
        while len(self._deployments) > MAX_REMEMBERED or self._bytes > MAX_REMEMBERED_BYTES:
            self._drop(next(iter(self._deployments)))

    def _drop(self, key: tuple[str, str]) -> None:
        entry = self._deployments.pop(key, None)
        self._bytes -= entry.size if entry else 0

    # -- ad-hoc code ---------------------------------------------------------------------------------------

    async def leave(self, team: str, token: str) -> Leave:
        """What `token` may run in `team`. Raises Refused, Unreachable."""
        # Keyed by digest: a memory dump of this process should not be a list of working tokens.
        key = (team, hashlib.sha256(token.encode()).hexdigest())
        known = self._leaves.get(key)
        if known and known[1] > asyncio.get_running_loop().time():
            return known[0]
        return await self._once(key, lambda: self._fetch_leave(key, team, token))

    def forget_token(self, token_id: str) -> None:
        self._leaves = {key: value for key, value in self._leaves.items() if value[0].token != token_id}

    def forget_leaves(self, team: str) -> None:
        self._leaves = {key: value for key, value in self._leaves.items() if key[0] != team}

    async def _fetch_leave(self, key: tuple[str, str], team: str, token: str) -> Leave:
        try:
            response = await self._ask("POST", LEAVE_PATH, json={"team": team, "token": token})
        except (Refused, Unreachable):
            self._leaves.pop(key, None)  # never run on a leave that could not be renewed: it may be revoked
            raise
        body = response.json()
        leave = Leave(body["token"], self._bounded(Deployment.from_json(body["template"])))
        if len(self._leaves) >= MAX_REMEMBERED:
            self._leaves.pop(next(iter(self._leaves)))
        ttl = min(float(body["ttl"]), TTL_SECONDS)
        self._leaves[key] = (leave, asyncio.get_running_loop().time() + ttl)
        return leave

    # -- what is not waited for ----------------------------------------------------------------------------

    async def deliver(self, parcel: dict[str, Any]) -> dict[str, str]:
        """Has the console keep a request and run it: its ticket and location. Raises Refused, Unreachable."""
        told: dict[str, str] = (await self._ask("POST", DELIVERIES_PATH, json=parcel)).json()
        return told

    # -- asking --------------------------------------------------------------------------------------------

    async def _once(self, key: object, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        answer: Answer = await asyncio.shield(self._ask_once(key, ask))
        return answer

    def _ask_once(self, key: object, ask: Callable[[], Awaitable[Answer]]) -> "asyncio.Task[Any]":
        """Single flight: a hundred first requests ask once."""
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.ensure_future(ask())
            task.add_done_callback(lambda done: self._asked(key, done))
        return task

    def _asked(self, key: object, task: "asyncio.Task[Any]") -> None:
        if self._asking.get(key) is task:
            del self._asking[key]
        if not task.cancelled():
            task.exception()  # every waiter may have gone

    async def _ask(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        try:
            response = await self._client.request(method, path, **kwargs)
        except httpx.HTTPError as error:
            raise Unreachable(f"the console does not answer: {error}") from error
        if response.status_code >= 500:
            raise Unreachable(f"the console answered {response.status_code}")
        if response.status_code >= 400:
            raise _refused(response)
        return response


def _refused(response: httpx.Response) -> Refused:
    try:
        message = str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        message = f"the console answered {response.status_code}"
    return Refused(response.status_code, message)
