"""Programs behind the real walls: started, fed, watched, ended."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from executor.attacks.running import GUEST, PATIENCE, Running
from executor.runtimes import node
from executor.sandbox.launcher import Exit, Launcher, Policy

__all__ = ["GUEST", "PATIENCE", "Running", "begin", "launching", "policy_of", "resident", "run"]

_residents: dict[str, Launcher] = {}


def policy_of(data: Path, program: str) -> Policy:
    """Node's own policy, but running `program`."""
    policy = node.policy(node.prepare(data))
    return replace(policy, argv=(*policy.argv[:-1], "-e", program))


@contextlib.asynccontextmanager
async def launching(policy: Policy, accept_weaker: frozenset[str] = frozenset()) -> AsyncIterator[Launcher]:
    launcher = await Launcher.start(policy, accept_weaker=accept_weaker)
    try:
        yield launcher
    finally:
        await launcher.close()


async def resident(name: str, policy: Callable[[], Policy]) -> Launcher:
    """A launcher that stays for the tests to come; it ends with the person's process."""
    if name not in _residents:
        _residents[name] = await Launcher.start(policy())
    return _residents[name]


async def begin(
    data: Path, source: str, *, budget: int | None = None, extra: Mapping[int, int] | None = None
) -> Running:
    """`source` in a sandbox of the resident launcher."""
    launcher = await resident("js", lambda: node.policy(node.prepare(data, GUEST)))
    running = await Running.start(launcher, extra)
    await running.feed(source, budget)
    return running


async def run(launcher: Launcher, argv: Sequence[str] | None = None) -> tuple[Exit, str, str]:
    running = await Running.start(launcher, argv=argv)
    return await running.finish()
