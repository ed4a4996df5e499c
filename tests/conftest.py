"""Fixtures every suite may use. The stack is one real server for the whole run."""

from collections.abc import Iterator

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG

from tests.background import Background
from tests.modules.registry import Registry
from tests.stack import Member, Stack

# Only a fault is ever that slow; the five seconds httpx has of itself are not much beside other work.
for part in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, part, 60)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A parameter named as one of playwright's fixtures ("page") draws its test among those of the browser, and them
    with it between those of the database, which fail beside playwright's loop."""
    drawn = [
        item.nodeid
        for item in items
        if isinstance(item, pytest.Function)
        and hasattr(item, "callspec")
        and "browser_name" in item.callspec.params
        and not item.nodeid.startswith("tests/browser/")
    ]
    if drawn:
        raise pytest.UsageError(f"These need a browser and are not in tests/browser: {drawn}")


@pytest.fixture(scope="session")
def registry() -> Iterator[Registry]:
    """Where the stack installs packages from; each test publishes its own there."""
    running = Registry.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Iterator[Stack]:
    running = Stack.start(
        tmp_path_factory.mktemp("stack") / "data", first=True, WEBTASKS_NPM_REGISTRY=registry.url
    )
    yield running
    assert running.stop() == 0, running.log.read_text()[-4000:]


@pytest.fixture(scope="session")
def owner(stack: Stack) -> Iterator[Member]:
    """The demo team's owner, signed in."""
    with Member(stack, stack.email, stack.password) as member:
        yield member


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    """Runs a test's coroutine: playwright may hold the main thread's loop for the whole session."""
    one = Background()
    yield one
    one.stop()
