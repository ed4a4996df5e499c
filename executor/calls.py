"""Takes guests' calls to the console: storage, tokens. Whose they are the deployment says, never the guest."""

import asyncio
import logging
from weakref import WeakValueDictionary

import httpx

from executor import console
from executor.call import pack
from executor.config import Config
from executor.contract import CALL_PATH, Deployment

log = logging.getLogger("executor.calls")

# Of one team at once: a loop of calls in one team's code must not make the others wait.
MOST_OF_A_TEAM = 4


class Calls:
    def __init__(self, config: Config) -> None:
        self._client = console.client(config)
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[bytes]] = set()

    async def close(self) -> None:
        """What is under way gets its time: a guest may count on what it has asked for."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._client.aclose()

    async def ask(self, deployment: Deployment, call: bytes) -> bytes:
        """The result. A caller that goes away while it waits for its turn takes the call with it; later it does not."""
        turns = self._turns.get(deployment.team)
        if turns is None:
            turns = self._turns[deployment.team] = asyncio.Semaphore(MOST_OF_A_TEAM)
        await turns.acquire()
        task = asyncio.get_running_loop().create_task(self._ask(deployment, call))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        # By reference: the semaphore lives for as long as somebody waits or works.
        task.add_done_callback(lambda _: turns.release())
        return await asyncio.shield(task)

    async def _ask(self, deployment: Deployment, call: bytes) -> bytes:
        try:
            response = await self._client.post(CALL_PATH, params=_whose(deployment), content=call)
            response.raise_for_status()
        except httpx.HTTPError as error:
            log.warning("a call of %s/%s came to nothing: %s", deployment.team, deployment.webtask, error)
            return pack({"status": 503, "message": "The console did not answer in time; try again."})
        return response.content


def _whose(deployment: Deployment) -> dict[str, str]:
    if deployment.webtask is not None:
        return {"team": deployment.team, "webtask": deployment.webtask}
    return {"team": deployment.team, "token": deployment.jti or deployment.slot.removeprefix("token:")}
