"""Runs a runtime's own little program behind its own walls, to know that both stand."""

import asyncio
import os

from executor.sandbox.launcher import Launcher
from executor.sandbox.policy import Policy
from executor.sandbox.survey import Survey

_PATIENCE = 20.0


class SelfTestFailed(Exception):
    """The runtime does not do what it must, or can do what it must not."""


async def run(policy: Policy, *, accept_weaker: frozenset[str], found: Survey | None = None) -> bytes:
    """What the policy's program writes to standard output. Raises SandboxUnavailable and SpawnFailed too."""
    launcher = await Launcher.start(policy, accept_weaker=accept_weaker, found=found)
    reader, writer = os.pipe()
    try:
        try:
            sandbox = await launcher.spawn({1: writer})
        finally:
            os.close(writer)
        try:
            async with asyncio.timeout(_PATIENCE):
                result = await sandbox.exited
        except TimeoutError:
            raise SelfTestFailed(f"{policy.argv[0]} did not end within {_PATIENCE:g} seconds") from None
        # Programs write less than a pipe holds, so nobody had to read meanwhile.
        said = os.read(reader, 65_536)
        if result.code != 0:
            raise SelfTestFailed(f"{policy.argv[0]} ended with {result}, having said {said!r}")
        return said
    finally:
        os.close(reader)
        await launcher.close()
