"""What a tab left unsaved comes back, however it ended and however long that took."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk
from tests.browser.test_drafts import MINE, THEIRS, copies, saved
from tests.stack import Member, Stack

# A tab is alive while it holds a lock of its name: here another page of the browser takes that up from it.
LINGER = """name => {
  navigator.locks.request(name, () => new Promise((end) => (window.end = end)));
}"""

# Of what the editor still loads when the network goes; a worker says no more than that there was an event.
UNLOADED = "(?i)internet_disconnected|fetch|load|import|uncaught: Event$|^warning: undefined"


def left_offline(desk: Desk) -> None:
    """Typed, and on the device alone. A route would not do: a page that ends saves past it."""
    desk.page.context.set_offline(True)
    desk.page.bring_to_front()  # or the clipboard is not its
    desk.write(MINE)
    expect(desk.state).to_have_text("Offline – kept on this device")


@pytest.fixture
def lingering(desk: Desk, signed_in: BrowserContext, stack: Stack, complaints: Complaints) -> Page:
    """A tab was closed, and seems alive until this page says `end()`."""
    complaints.expect(UNLOADED)
    page = signed_in.new_page()
    page.goto(f"{stack.url}/t/acme")
    name = desk.page.evaluate("`webtasks:tab:${sessionStorage.getItem('webtasks:tab')}`")
    page.evaluate(LINGER, name)
    left_offline(desk)
    desk.page.close()
    page.wait_for_function("() => window.end")
    signed_in.set_offline(False)
    return page


def test_text_of_a_tab_that_was_closed_offline_comes_back(
    desk: Desk, signed_in: BrowserContext, stack: Stack, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect(UNLOADED)
    left_offline(desk)
    desk.page.close()
    signed_in.set_offline(False)
    again = Desk(signed_in.new_page(), stack.url, webtask)
    again.open()
    expect(again.page.get_by_text("Restored what this device had kept")).to_be_visible()
    expect(again.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE


def test_text_of_a_tab_that_takes_long_to_end_comes_when_it_has(
    lingering: Page, signed_in: BrowserContext, stack: Stack, owner: Member, webtask: str
):
    again = Desk(signed_in.new_page(), stack.url, webtask)
    again.open()
    expect(again.state).to_have_text("Saved")
    lingering.evaluate("end()")
    expect(again.lines.filter(has_text="'mine'")).to_have_count(1)
    expect(again.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE


def test_it_is_a_copy_when_something_else_was_saved_meanwhile(
    lingering: Page, signed_in: BrowserContext, stack: Stack, owner: Member, webtask: str
):
    again = Desk(signed_in.new_page(), stack.url, webtask)
    again.open()
    again.write(THEIRS)
    again.save()
    lingering.evaluate("end()")
    again.page.wait_for_function("async () => (await navigator.locks.query()).pending.length === 0")
    copy = copies(again.page)
    expect(copy).to_contain_text("Typed in another tab, which ended")
    copy.get_by_role("button", name="Put it into the editor").click()
    expect(again.lines.filter(has_text="'mine'")).to_have_count(1)
