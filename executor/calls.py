"""Takes guests' calls to the console: storage, tokens. Whose they are the deployment says, never the guest."""

import asyncio
import logging

import httpx

from executor import console
from executor.call import BadCall, pack, read
from executor.config import Config
from executor.contract import CALL_PATH, Deployment
from executor.lane import Lane

log = logging.getLogger("executor.calls")

# Beyond so many teams the lanes of those that do nothing are forgotten.
MANY = 10_000
LAST_SECONDS = 1.0
# Whatever may write: the disk is waited for, and all writers wait for each other.
HEAVY = 4


class Calls:
    def __init__(self, config: Config) -> None:
        self._client = console.client(config)
        self._lanes: dict[str, Lane] = {}
        self._under_way: set[asyncio.Task[bytes]] = set()

    async def close(self) -> None:
        """What is under way gets a moment: a guest may count on what it has asked for."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LAST_SECONDS)
        await self._client.aclose()

    async def ask(self, deployment: Deployment, call: bytes) -> bytes:
        """The result. A caller that goes away while it waits for its turn takes the call with it; later it does not."""
        lane = self._lanes.get(deployment.team) or self._new(deployment.team)
        await lane.enter(_weight(call))
        task = asyncio.get_running_loop().create_task(self._ask(deployment, call))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: lane.leave())
        return await asyncio.shield(task)

    def _new(self, team: str) -> Lane:
        if len(self._lanes) >= MANY:
            now = asyncio.get_running_loop().time()
            self._lanes = {name: lane for name, lane in self._lanes.items() if not lane.idle(now)}
        lane = self._lanes[team] = Lane()
        return lane

    async def _ask(self, deployment: Deployment, call: bytes) -> bytes:
        try:
            response = await self._client.post(CALL_PATH, params=_whose(deployment), content=call)
            if response.status_code == 404:  # its worker ends as soon as the executor hears of it
                return pack({"status": 404, "message": "The webtask is gone."})
            response.raise_for_status()
        except httpx.HTTPError as error:
            log.warning("a call of %s/%s came to nothing: %s", deployment.team, deployment.webtask, error)
            return pack({"status": 503, "message": "The console did not answer in time; try again."})
        return response.content


def _whose(deployment: Deployment) -> dict[str, str]:
    if deployment.webtask is not None:
        return {"team": deployment.team, "webtask": deployment.webtask}
    return {"team": deployment.team, "voucher": deployment.voucher}


def _weight(call: bytes) -> int:
    try:
        return 1 if read(call).what == "storage.get" else HEAVY
    except BadCall:
        return HEAVY
