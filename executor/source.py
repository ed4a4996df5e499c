"""Asks the console what to run, and remembers: ETag and time to live keep it right, the link keeps it fast."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx

from executor import console
from executor.ceilings import clamp
from executor.config import Config
from executor.contract import DELIVERIES_PATH, DEPLOYMENT_PATH, GRANT_HEADER, LEAVE_PATH, Deployment, Pin
from executor.memory import Answer, Key, Memory
from executor.modules.sets import Library, Unavailable

# How long an answer is used without asking again when no change was announced.
TTL_SECONDS = 30.0
# The same while the link has stood since the answer: it is used at once, and asked for again beside that.
LINKED_SECONDS = 600.0
SOON_SECONDS = 0.2
# A console that hangs is not waited for by each request anew.
RETRY_SECONDS = 5.0
# What a key is of.
WEBTASK, LEAVE = "webtask", "leave"

Result = TypeVar("Result")


class Refused(Exception):
    """The console says no: `status`, `message` and `headers` go to the caller as they are."""

    def __init__(self, status: int, message: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


class Unreachable(Exception):
    """The console did not answer, and nothing usable is remembered."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What a token may run ad hoc: a deployment that lacks only its code."""

    token: str
    template: Deployment


class Source:
    def __init__(self, config: Config, modules: Path | None = None) -> None:
        """With `modules`, the directory where sandboxes find packages, a deployment comes when its own are there."""
        self._client = console.client(config)
        self._library = Library(modules, self._client) if modules else None
        self._memory = Memory()
        # Whoever tells of changes. While it stands, what was asked since it came is known to be true.
        self.link: object = None
        self._asking: dict[Key, asyncio.Task[Any]] = {}
        # Of a team: by which names that it had it was asked for. Changes are told by the one it has.
        self._former: dict[str, set[str]] = {}
        # Of a webtask, by team and name: what is remembered of its versions, by their pinned names.
        self._pinned: dict[tuple[str, str], set[str]] = {}
        self._changes = 0
        self._soon: set[Key] = set()
        self._ceiling = config.ceiling

    async def close(self) -> None:
        await self._client.aclose()

    # -- named webtasks ------------------------------------------------------------------------------------

    def remembered(self, team: str, webtask: str) -> Deployment | None:
        """The warm path: no await. None when the console must be asked."""
        answer = self._memory.get((WEBTASK, team, webtask))
        if answer is None:
            return None
        age = asyncio.get_running_loop().time() - answer.at
        if age > TTL_SECONDS:
            if self.link is None or answer.link is not self.link or age > LINKED_SECONDS:
                return None
            self._learn_soon((WEBTASK, team, webtask))
        return None if _over(answer.deployment) else answer.deployment

    def _learn_soon(self, key: Key) -> None:
        """Not at once: to ask takes the processor from the request that is served meanwhile."""
        if key not in self._soon:
            self._soon.add(key)
            asyncio.get_running_loop().call_later(SOON_SECONDS, self._learn_now, key)

    def _learn_now(self, key: Key) -> None:
        self._soon.discard(key)
        self.learn(*key[1:])

    def learn(self, team: str, webtask: str) -> None:
        """Asks for the live deployment, so that the next request need not."""
        self._ask_once((WEBTASK, team, webtask), lambda: self._fetch(team, webtask))

    async def deployment(self, team: str, webtask: str) -> Deployment:
        """The live deployment. Raises Refused, Unreachable."""
        return await self._once((WEBTASK, team, webtask), lambda: self._fetch(team, webtask))

    async def granted(self, team: str, webtask: str, grant: str) -> Deployment:
        """The draft or version that `grant` names; never remembered. Raises Refused, Unreachable."""
        path = DEPLOYMENT_PATH.format(team=team, webtask=webtask)
        known = self._memory.get((WEBTASK, team, webtask))
        headers = {GRANT_HEADER: grant, **({"if-none-match": f'"{known.etag}"'} if known else {})}
        response = await self.ask("GET", path, headers=headers)
        if response.status_code == 304 and known:
            return known.deployment
        return await self._complete(Deployment.from_json(response.json()))

    def forget(self, team: str, webtask: str) -> None:
        self._changes += 1
        for name in self._names(team):
            pinned = self._pinned.pop((name, webtask), ())
            for each in (webtask, *pinned):
                self._memory.drop((WEBTASK, name, each))
            # An answer under way may be older than the change; the next request must ask afresh.
            stale = [key for key in self._asking if key[:2] == (WEBTASK, name) and _is_of(key[2], webtask)]
            for key in stale:
                del self._asking[key]
        # Tokens that fix its code run it by a leave.
        self._forget_leaves(lambda _team, answer: answer.deployment.slot == f"{team}/{webtask}")

    def forget_team(self, team: str) -> None:
        """There is none of that name any more."""
        self._changes += 1
        self.forget_leaves(team)
        names = self._names(team)
        self._former.pop(team, None)
        for key in [key for key in self._memory if key[0] == WEBTASK and key[1] in names]:
            self._memory.drop(key)
        self._pinned = {key: pinned for key, pinned in self._pinned.items() if key[0] not in names}
        self._asking = {key: task for key, task in self._asking.items() if key[1] not in names}

    def _names(self, team: str) -> set[str]:
        return {team, *self._former.get(team, ())}

    def known(self, team: str) -> list[str]:
        """Of a team: what is remembered, and what is being asked for."""
        keys = {*self._memory, *self._asking}
        names = self._names(team)
        return sorted({name for kind, owner, name in keys if kind == WEBTASK and owner in names})

    async def _fetch(self, team: str, webtask: str) -> Deployment:
        key = (WEBTASK, team, webtask)
        known = self._memory.get(key)
        headers = {"if-none-match": f'"{known.etag}"'} if known else {}
        link, changes = self.link, self._changes
        task = asyncio.current_task()
        try:
            path = DEPLOYMENT_PATH.format(team=team, webtask=webtask)
            response = await self.ask("GET", path, headers=headers)
        except Unreachable:
            # Better the last known version than none while the console restarts.
            if known and not _over(known.deployment):
                known.at = self._now() - TTL_SECONDS + RETRY_SECONDS
                return known.deployment
            raise
        except Refused:
            self._memory.drop(key)
            raise
        if response.status_code == 304 and known:
            answer = replace(known, at=self._now(), link=link)
        else:
            told = Deployment.from_json(response.json())
            deployment, size = await self._complete(told), len(response.content)
            answer = Answer(deployment, size, self._now(), etag=told.digest, link=link)
        if self._asking.get(key) is task and self._may_keep(team, answer, changes):
            self._memory.put(key, answer)
            if pin := Pin.of(webtask):
                self._pinned.setdefault((team, pin.webtask), set()).add(webtask)
        return answer.deployment

    def _may_keep(self, team: str, answer: Answer, changes: int) -> bool:
        """Whether changes to it will be heard of: of one asked for by a name that its team had, only from now on."""
        now = answer.deployment.team
        if now != team:
            self._former.setdefault(now, set()).add(team)
        return now == team or self._changes == changes

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

    # -- ad-hoc code ---------------------------------------------------------------------------------------

    async def leave(self, team: str, token: str) -> Leave:
        """What `token` may run in `team`. Raises Refused, Unreachable."""
        # Keyed by digest: a memory dump of this process should not be a list of working tokens.
        key = (LEAVE, team, hashlib.sha256(token.encode()).hexdigest())
        known = self._memory.get(key)
        if known and known.until > self._now():
            return Leave(known.token, known.deployment)
        return await self._once(key, lambda: self._fetch_leave(key, team, token))

    def forget_token(self, token_id: str) -> None:
        self._forget_leaves(lambda _team, answer: answer.token == token_id)

    def forget_leaves(self, team: str) -> None:
        self._forget_leaves(lambda owner, answer: team in (owner, answer.deployment.team))

    def _forget_leaves(self, stale: Callable[[str, Answer], bool]) -> None:
        for key in list(self._memory):
            answer = self._memory.get(key)
            if key[0] == LEAVE and answer and stale(key[1], answer):
                self._memory.drop(key)
        # Whose they are that are being asked for, nobody knows yet; they may be older than this.
        self._asking = {key: task for key, task in self._asking.items() if key[0] != LEAVE}

    async def _fetch_leave(self, key: Key, team: str, token: str) -> Leave:
        task = asyncio.current_task()
        try:
            response = await self.ask("POST", LEAVE_PATH, json={"team": team, "token": token})
        except (Refused, Unreachable):
            self._memory.drop(key)  # never run on a leave that could not be renewed: it may be revoked
            raise
        body = response.json()
        leave = Leave(body["token"], self._bounded(Deployment.from_json(body["template"])))
        now, ttl = self._now(), min(float(body["ttl"]), TTL_SECONDS)
        if self._asking.get(key) is task:
            answer = Answer(leave.template, len(response.content), now, token=leave.token, until=now + ttl)
            self._memory.put(key, answer)
        return leave

    # -- what is not waited for ----------------------------------------------------------------------------

    async def deliver(self, parcel: dict[str, Any]) -> dict[str, str]:
        """Has the console keep a request and run it: its ticket and location. Raises Refused, Unreachable."""
        told: dict[str, str] = (await self.ask("POST", DELIVERIES_PATH, json=parcel)).json()
        return told

    # -- asking --------------------------------------------------------------------------------------------

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    async def _once(self, key: Key, ask: Callable[[], Awaitable[Result]]) -> Result:
        result: Result = await asyncio.shield(self._ask_once(key, ask))
        return result

    def _ask_once(self, key: Key, ask: Callable[[], Awaitable[Result]]) -> "asyncio.Task[Any]":
        """Single flight: a hundred first requests ask once."""
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.ensure_future(ask())
            task.add_done_callback(lambda done: self._asked(key, done))
        return task

    def _asked(self, key: Key, task: "asyncio.Task[Any]") -> None:
        if self._asking.get(key) is task:
            del self._asking[key]
        if not task.cancelled():
            task.exception()  # every waiter may have gone

    async def ask(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Raises Refused, Unreachable."""
        try:
            response = await self._client.request(method, path, **kwargs)
        except httpx.HTTPError as error:
            raise Unreachable(f"the console does not answer: {error}") from error
        if response.status_code >= 500:
            raise Unreachable(f"the console answered {response.status_code}")
        if response.status_code >= 400:
            raise _refused(response)
        return response


def _is_of(name: str, webtask: str) -> bool:
    """Whether it is the webtask's, or that of one of its versions."""
    return name == webtask or name.startswith(f"{webtask}@")


def _over(deployment: Deployment) -> bool:
    return deployment.expires is not None and deployment.expires <= time.time()


def _refused(response: httpx.Response) -> Refused:
    try:
        message = str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        message = f"the console answered {response.status_code}"
    return Refused(response.status_code, message)
