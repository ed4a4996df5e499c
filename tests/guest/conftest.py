"""Coroutine tests, and the guests they talk to, run in one event loop."""

import asyncio
import inspect
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from tests.guest.guest import Guest

PATIENCE = 30  # seconds; only a hang is ever that slow


class Background:
    """An event loop in a thread of its own: playwright may hold the main thread's for the whole session."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, PATIENCE), self.loop).result()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture(scope="session", autouse=True)
def background() -> Iterator[Background]:
    one = Background()
    yield one
    one.stop()


@pytest.fixture
def guest(background) -> Iterator[Guest]:
    """One of the test's own, to kill or to spoil."""
    yield from started(background, Guest())


@pytest.fixture(scope="module")
def shared(background) -> Iterator[Guest]:
    """One for all tests of a module that leave it as they found it."""
    yield from started(background, Guest())


@pytest.fixture
def blind(background) -> Iterator[Guest]:
    """A guest whose Node cannot read its own size, as in the sandbox, which has no /proc."""
    fail = "() => { throw new Error('ENOENT') }"
    script = f"process.memoryUsage = Object.assign({fail}, {{ rss: {fail} }})"
    yield from started(background, Guest("--import", f"data:text/javascript,{script}"))


def started(background: Background, guest: Guest) -> Iterator[Guest]:
    background.run(guest.start())
    yield guest
    background.run(guest.stop())


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(test).parameters}
    background: Any = pyfuncitem.funcargs["background"]
    background.run(test(**arguments))
    return True
