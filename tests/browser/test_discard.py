"""A draft is thrown away as its person saw it, and is a copy on the device then."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk
from tests.browser.test_drafts import MINE, THEIRS, copies, published_in_between, saved
from tests.stack import Member


def discard(page: Page) -> None:
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Compare with live").click()
    page.get_by_role("button", name="Discard the draft").click()


def test_discarding_brings_the_live_code_back(desk: Desk, page: Page, owner: Member, webtask: str):
    desk.write(MINE)
    desk.save()
    discard(page)
    expect(desk.state).to_have_text("Saved")
    assert 'version: "first"' in saved(owner, webtask)
    expect(copies(page)).to_contain_text("Your draft, when you discarded it")


def test_what_another_device_saved_is_not_discarded_unread(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("status of 412")
    desk.write(MINE)
    desk.save()
    owner.save(webtask, THEIRS)
    discard(page)
    banner = page.get_by_test_id("conflict")
    expect(banner).to_contain_text("Someone saved elsewhere")
    expect(page.get_by_text("since you read it")).to_have_count(0)
    assert saved(owner, webtask) == THEIRS
    banner.get_by_role("button", name="Take theirs").click()
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    expect(desk.lines.filter(has_text="'theirs'")).to_have_count(1)
    # Now it was seen.
    discard(page)
    expect(desk.state).to_have_text("Saved")
    assert 'version: "first"' in saved(owner, webtask)


def test_a_merge_that_takes_the_live_code_discards_nothing_unread(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("status of 412")
    owner.publish(webtask, "module.exports = (cb) => cb(null, 'two');")
    expect(desk.live).to_have_text("v2 live")
    desk.write(MINE)
    desk.save()
    published_in_between(desk, owner, webtask)
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Merge with v3").click()
    dialog = page.get_by_role("dialog", name="Merge")
    owner.save(webtask, THEIRS)
    dialog.get_by_role("button", name="Take theirs, mine as a copy").click()
    expect(page.get_by_test_id("conflict")).to_be_visible()
    assert saved(owner, webtask) == THEIRS
