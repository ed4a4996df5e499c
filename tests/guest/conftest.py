"""Coroutine tests, and the guests they talk to, run in one event loop."""

import inspect
from collections.abc import Iterator

import pytest

from tests.background import Background
from tests.guest.guest import Guest


@pytest.fixture(autouse=True)
def loop(background: Background) -> Background:
    """Every test here may be a coroutine."""
    return background


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
    background: Background = pyfuncitem.funcargs["loop"]  # type: ignore[assignment]  # funcargs are objects
    background.run(test(**arguments))
    return True
