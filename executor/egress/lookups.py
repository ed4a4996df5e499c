"""Looks up the names of one worker: each once at a time, and not again for the connection that follows at once."""

import asyncio
import functools

from executor.egress.addresses import Address
from executor.egress.dial import Failed
from executor.egress.dns import Question
from executor.egress.names import Name
from executor.egress.resolver import Resolver, Unresolved

FRESH_SECONDS = 5.0


class Lookups:
    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._now = asyncio.get_running_loop().time
        self._asking: dict[str, asyncio.Future[tuple[Address, ...]]] = {}

    async def find(self, name: Name) -> tuple[Address, ...]:
        """Raises NoSuchName or Failed."""
        if self._now() - name.at > FRESH_SECONDS:
            name.addresses = await self._ask(name.host)
            name.at = self._now()
        return name.addresses

    async def ask(self, question: Question) -> bytes:
        """The answer to a question for other records than addresses. Raises Failed."""
        try:
            return await self._resolver.ask(question)
        except Unresolved as error:
            raise Failed(f"name not resolved: {error}") from None

    async def _ask(self, host: str) -> tuple[Address, ...]:
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.ensure_future(self._resolver.look_up(host))
            task.add_done_callback(functools.partial(self._answered, host))
        try:
            # Shielded: the question that came first may be given up, the others must not suffer.
            return await asyncio.shield(task)
        except Unresolved as error:
            raise Failed(f"name not resolved: {error}") from None

    def _answered(self, host: str, task: "asyncio.Future[tuple[Address, ...]]") -> None:
        del self._asking[host]
        if not task.cancelled():
            task.exception()  # nobody may be left who waits for it
