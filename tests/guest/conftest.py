"""A coroutine test runs in a loop of its own, with its guests started."""

import asyncio
import inspect
from contextlib import AsyncExitStack

import pytest

from tests.guest.guest import Guest

PATIENCE = 30  # seconds; only a hang is ever that slow


@pytest.fixture
def guest() -> Guest:
    return Guest()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(test).parameters}

    async def run() -> None:
        async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
            for value in arguments.values():
                if isinstance(value, Guest):
                    await stack.enter_async_context(value)
            await test(**arguments)

    asyncio.run(run())
    return True
