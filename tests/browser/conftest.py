"""A browser on the real stack that fails a test for any console error and any stopped-by-policy report."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, WebError, expect

from tests.browser.chromium import launch_options
from tests.browser.desk import Desk, sign_in
from tests.stack import Member, Stack

# Only a fault is ever that slow; the five seconds it would have are not much beside other work.
expect.set_options(timeout=30_000)

VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} stopped ${event.blockedURI} ${event.sample}`));"""
# A module that wants another window than this says so in its own WINDOW.
WINDOW: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "permissions": ["clipboard-read", "clipboard-write"],
}


# Monaco says so of a comparison whose view was left before it was done; nothing is lost by it.
LEFT_BEHIND = re.compile("uncaught: .*no diff result available")


class Complaints:
    """What the browser complained about; a test names the complaints it means to cause."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._logged = log.stat().st_size
        self._seen: list[str] = []
        self._expected = [LEFT_BEHIND]

    def expect(self, pattern: str) -> None:
        self._expected.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)

    def unwatch(self, context: BrowserContext) -> None:
        context.remove_listener("console", self._console)
        context.remove_listener("weberror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._seen.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self._seen.append(f"uncaught: {error.error}")

    @property
    def unexpected(self) -> list[str]:
        with self._log.open() as log:
            log.seek(self._logged)
            reported = [line for line in log if "console.csp" in line]
        return [
            text for text in self._seen + reported if not any(known.search(text) for known in self._expected)
        ]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_options()


@pytest.fixture(scope="session")
def session_state(browser: Browser, stack: Stack) -> StorageState:
    """One sign-in for all tests that do not test signing in."""
    context = browser.new_context()
    sign_in(context.new_page(), stack.url, stack.email, stack.password)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def complaints(stack: Stack) -> Iterator[Complaints]:
    found = Complaints(stack.log)
    yield found
    assert found.unexpected == []


@pytest.fixture
def signed_out(
    browser: Browser, complaints: Complaints, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    context = browser.new_context(**getattr(request.module, "WINDOW", WINDOW))
    context.add_init_script(VIOLATIONS)
    complaints.watch(context)
    yield context
    context.close()


@pytest.fixture(scope="module")
def profile(
    browser: Browser, session_state: StorageState, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """One browser profile for a file's tests: the editor's megabytes are compiled once, not for each."""
    context = browser.new_context(storage_state=session_state, **getattr(request.module, "WINDOW", WINDOW))
    context.add_init_script(VIOLATIONS)
    yield context
    context.close()


@pytest.fixture
def signed_in(profile: BrowserContext, complaints: Complaints) -> Iterator[BrowserContext]:
    complaints.watch(profile)
    yield profile
    for page in profile.pages:
        page.close()
    complaints.unwatch(profile)


@pytest.fixture
def page(signed_in: BrowserContext) -> Page:
    return signed_in.new_page()


CODE = """\
module.exports = function (ctx, cb) {
  console.log("first", ctx.query.n);
  cb(null, { version: "first" });
};
"""


@pytest.fixture
def webtask(owner: Member, request: pytest.FixtureRequest) -> str:
    """A published webtask of this test's own."""
    name = re.sub(r"[^a-z0-9-]+", "-", request.node.name.removeprefix("test_"))[:60].strip("-")
    owner.publish(name, CODE, "The first")
    return name


@pytest.fixture
def desk(page: Page, stack: Stack, webtask: str) -> Desk:
    """The workspace of that webtask, editor ready."""
    desk = Desk(page, stack.url, webtask)
    desk.open()
    return desk
