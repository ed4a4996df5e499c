"""A page shows the version that is live, whatever its connection missed and whatever else its person may see."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.conftest import VIOLATIONS, WINDOW, Complaints
from tests.browser.desk import Desk, sign_in
from tests.stack import ROOT, Member, Stack

READER = ("rae@example.com", "rae-reads-the-code")
MAKE_READER = f"""
from console.accounts.actions import create_team, create_user
from console.accounts.audit import SYSTEM
rae = create_user("{READER[0]}", password="{READER[1]}", actor=SYSTEM, name="Rae")
create_team("raes", "Rae’s", owner=rae, actor=SYSTEM)
"""
SECOND = "module.exports = (cb) => cb(null, 'second');"
THIRD = "module.exports = (cb) => cb(null, 'third');"


@pytest.fixture(scope="module")
def reader(stack: Stack) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_READER],
        cwd=ROOT,
        env={**os.environ, "WEBTASKS_DATA": str(stack.data), "WEBTASKS_PORT": str(stack.port)},
        check=True,
    )


@dataclass
class Line:
    """The page's connection, to be broken and mended."""

    page: Page
    broken: bool = False
    open: list[WebSocketRoute] = field(default_factory=list)

    def relay(self, socket: WebSocketRoute) -> None:
        if self.broken:
            socket.close()
            return
        self.open.append(socket)
        socket.connect_to_server()

    @contextmanager
    def lost(self) -> Iterator[None]:
        link = self.page.get_by_test_id("link")
        expect(link).to_have_text("Live")
        self.broken = True
        self.open[-1].close()
        expect(link).to_have_text("Reconnecting…")
        yield
        self.broken = False
        expect(link).to_have_text("Live")


@pytest.fixture
def line(page: Page) -> Line:
    line = Line(page)
    page.route_web_socket(re.compile("/ws/"), line.relay)
    return line


def test_what_was_published_while_the_connection_was_lost_shows_when_it_is_back(
    line: Line, desk: Desk, owner: Member, webtask: str
):
    with line.lost():
        owner.publish(webtask, SECOND, "Missed")
        owner.publish(webtask, THIRD, "Missed as well")
    expect(desk.live).to_have_text("v3 live")
    expect(desk.lines.filter(has_text="'third'")).to_have_count(1)
    expect(desk.state).to_have_text("Saved")
    rows = desk.versions()
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("Missed")


def test_a_connection_that_comes_back_to_nothing_new_fetches_nothing(
    line: Line, desk: Desk, owner: Member, webtask: str
):
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    with line.lost():
        pass
    # It hears of this one after whatever it was told when it came back.
    owner.publish(webtask, SECOND)
    expect(desk.lines.filter(has_text="'second'")).to_have_count(1)
    assert len([url for url in asked if url.endswith(f"/api/teams/acme/webtasks/{webtask}")]) == 1


def test_who_sees_the_code_and_no_logs_sees_what_is_published(
    browser: Browser,
    stack: Stack,
    owner: Member,
    webtask: str,
    reader: None,
    complaints: Complaints,
):
    owner.api("POST", f"/{webtask}/collaborators", json={"email": READER[0], "rights": ["code"]})
    context = browser.new_context(**WINDOW)
    context.add_init_script(VIOLATIONS)
    complaints.watch(context)
    page = context.new_page()
    sign_in(page, stack.url, *READER, home="raes")
    desk = Desk(page, stack.url, webtask)
    desk.open()
    expect(desk.live).to_have_text("v1 live")
    owner.publish(webtask, SECOND)
    expect(desk.live).to_have_text("v2 live")
    expect(desk.lines.filter(has_text="'second'")).to_have_count(1)
    context.close()
