"""What all that a page's websocket does rests on: who is at the page, and how it hears of what it may not have."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from channels.db import database_sync_to_async  # type: ignore[import-untyped]

from console.accounts.principals import Principal
from console.live.socket import Socket
from console.live.viewer import Visitor
from console.live.watch import Malformed, SignedOut
from console.problems import Problem

SIGNED_OUT = 4401
# Of each kind that a page asks for.
MAX_TOPICS = 20

Result = TypeVar("Result")


class Page(Socket):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._visitor = Visitor("")

    async def misunderstood(self, error: Exception) -> None:
        await self._tell(Malformed(f"The message is not understood: {error}"), topic=None)

    async def on_ping(self, _message: dict[str, Any]) -> None:
        await self.send_json({"t": "pong"})

    async def _asked(
        self,
        read: Callable[[], Result],
        *,
        topic: str,
        lost: Callable[[str], Awaitable[None]],
        **about: str,
    ) -> Result | None:
        """None when the person may not, or no longer, have this, which is told and then `lost`."""
        try:
            result: Result = await database_sync_to_async(read)()
        except Problem as problem:
            await lost(topic)
            await self._tell(problem, topic=topic, **about)
        except SignedOut:
            await self.close(SIGNED_OUT)
        else:
            return result
        return None

    async def _tell(self, problem: Problem, *, topic: str | None, **about: str) -> None:
        await self.send_json({"t": "problem", "topic": topic, **about, "problem": problem.shape()})

    def _viewer(self) -> Principal | None:
        return self._visitor.now()
