"""What a device keeps is of the webtask, whatever that is called, and of no other that gets its name."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk
from tests.stack import Member, Stack

KEPT = "module.exports = (cb) => cb(null, 'kept');"


@pytest.fixture
def team(owner: Member) -> Iterator[str]:
    """With a webtask hello. Gone after it: others count on whose second team is which. Asked for before the browser's
    window, it outlives that: the page may still fetch of the team."""
    for path, body in (("", {"slug": "before", "name": "Before"}), ("/before/webtasks", {"name": "hello"})):
        assert teams(owner, "POST", path, body).status_code == 201
    yield "before"
    slug = teams(owner, "GET", "/before").json().get("slug", "before")
    assert teams(owner, "DELETE", f"/{slug}?slug={slug}").status_code == 204


def teams(owner: Member, method: str, path: str, body: dict[str, str] | None = None) -> httpx.Response:
    headers = {"x-csrftoken": owner.http.cookies["webtasks_csrf"]}
    return owner.http.request(method, f"/api/teams{path}", json=body, headers=headers)


def left_unsaved(desk: Desk) -> None:
    """On the device alone, in a tab that is gone. Signed out until then: a page that ends still saves if it can."""
    context = desk.page.context
    cookies = context.cookies()
    context.clear_cookies(name="webtasks_session")
    desk.write(KEPT)
    expect(desk.state).to_have_text("Signed out – kept on this device")
    desk.page.close()
    context.add_cookies(cookies)  # type: ignore[arg-type]  # what cookies() gave


def test_text_kept_of_a_team_that_was_renamed_comes_back(
    team: str, signed_in: BrowserContext, stack: Stack, owner: Member, complaints: Complaints
):
    complaints.expect("status of 401")
    desk = Desk(signed_in.new_page(), stack.url, "hello", team=team)
    desk.open()
    left_unsaved(desk)
    assert teams(owner, "PATCH", f"/{team}", {"slug": "after", "name": "After"}).status_code == 200
    again = Desk(signed_in.new_page(), stack.url, "hello", team="after")
    again.open()
    expect(again.page.get_by_text("Restored what this device had kept")).to_be_visible()
    expect(again.lines.filter(has_text="'kept'")).to_have_count(1)
    expect(again.state).to_have_text(re.compile("Draft saved"))


def test_text_kept_of_a_webtask_that_was_deleted_is_not_anothers_of_its_name(
    desk: Desk, page: Page, signed_in: BrowserContext, stack: Stack, owner: Member, complaints: Complaints
):
    complaints.expect("status of 401")
    left_unsaved(desk)
    assert owner.api("DELETE", f"/{desk.webtask}").status_code == 204
    owner.publish(desk.webtask, "module.exports = (cb) => cb(null, 'another');")
    again = Desk(signed_in.new_page(), stack.url, desk.webtask)
    again.open()
    expect(again.lines.filter(has_text="'another'")).to_have_count(1)
    expect(again.state).to_have_text("Saved")
    expect(again.page.get_by_text("Restored what this device had kept")).to_have_count(0)
