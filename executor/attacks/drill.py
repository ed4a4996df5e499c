"""The attack suite as the console asks for it: every result told as it comes, one run at a time."""

import contextlib
import logging
from collections.abc import Awaitable, Collection
from pathlib import Path
from typing import Any, Protocol

from executor.attacks import suite
from executor.sandbox.errors import SandboxUnavailable, SpawnFailed

log = logging.getLogger("executor.attacks")


class Say(Protocol):
    def __call__(self, **message: Any) -> Awaitable[None]: ...


class Drill:
    def __init__(self, data: Path, *, accept_weaker: frozenset[str] = frozenset()) -> None:
        """The walls are those of `data`'s executor; its own workers are left alone."""
        self._data = data
        self._accept_weaker = accept_weaker
        self._under_way = False

    async def run(self, run: str, say: Say, *, names: Collection[str] = ()) -> None:
        """Says `attacked` for each program, then `attacks_over`. What `say` raises ends the run.

        `untried` programs lean on namespaces that this host does not allow.
        """
        if self._under_way:
            await say(t="attacks_over", run=run, passed=0, failed=0, error="another run is under way")
            return
        self._under_way = True
        try:
            await self._run(run, say, names)
        finally:
            self._under_way = False

    async def _run(self, run: str, say: Say, names: Collection[str]) -> None:
        passed = failed = untried = 0
        error = ""
        try:
            programs, untried = await suite.applicable(names)
            attacks = suite.attack(self._data, programs, accept_weaker=self._accept_weaker)
            async with contextlib.aclosing(attacks):
                async for attack in attacks:
                    passed, failed = passed + attack.passed, failed + (not attack.passed)
                    await say(t="attacked", run=run, attack=attack.to_json())
        except (SandboxUnavailable, SpawnFailed, LookupError) as trouble:
            log.exception("the attack suite was cut short")
            error = str(trouble)
        await say(t="attacks_over", run=run, passed=passed, failed=failed, untried=untried, error=error)
