"""A person of several teams switches between them; what is done to a team as such needs no JavaScript."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk, sign_in
from tests.stack import Member, Stack


def api(owner: Member, method: str, path: str, **sent: object) -> httpx.Response:
    headers = {"x-csrftoken": owner.http.cookies["webtasks_csrf"]}
    return owner.http.request(method, f"/api/teams{path}", headers=headers, **sent)  # type: ignore[arg-type]


@pytest.fixture
def zen(owner: Member) -> Iterator[str]:
    """A second team, behind acme. Asked for before the page, it outlives that."""
    assert api(owner, "POST", "", json={"slug": "zen", "name": "Zen garden"}).status_code == 201
    yield "zen"
    slug = api(owner, "GET", "/zen").json().get("slug", "zen")
    api(owner, "DELETE", f"/{slug}?slug={slug}")


def test_one_keystroke_leads_to_another_team(zen: str, page: Page, stack: Stack):
    page.goto(f"{stack.url}/t/acme")
    page.keyboard.press("Alt+Shift+Digit2")
    expect(page).to_have_url(f"{stack.url}/t/zen")
    page.goto(f"{stack.url}/account")
    page.keyboard.press("Alt+Shift+Digit1")
    expect(page).to_have_url(f"{stack.url}/t/acme")


def test_the_list_of_teams_opens_at_the_next_one(zen: str, page: Page, stack: Stack):
    page.goto(f"{stack.url}/t/acme")
    page.keyboard.press("Alt+Shift+KeyS")
    expect(page.get_by_role("link", name=re.compile("Zen garden"))).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name=re.compile("^Acme"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Your teams")).to_be_hidden()
    page.keyboard.press("Alt+Shift+KeyS")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{stack.url}/t/zen")


def test_it_opens_over_the_editor_which_gets_the_focus_back(
    zen: str, page: Page, stack: Stack, owner: Member
):
    owner.publish("switched", "module.exports = cb => cb()")
    desk = Desk(page, stack.url, "switched")
    desk.open()
    desk.lines.first.click()
    page.keyboard.press("Alt+Shift+KeyS")
    expect(page.get_by_role("link", name=re.compile("Zen garden"))).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.type("//typed ")
    expect(desk.lines.filter(has_text="//typed")).to_have_count(1)
    page.get_by_role("button", name="Switch team").click()
    page.get_by_role("link", name=re.compile("Zen garden")).click()
    expect(page).to_have_url(f"{stack.url}/t/zen")


def test_a_team_from_its_first_day_to_its_last_without_javascript(
    browser: Browser, stack: Stack, complaints: Complaints
):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stack.url, stack.email, stack.password)
    page.get_by_role("button", name="Switch team").click()
    page.get_by_role("link", name="New team").click()
    page.get_by_label("Name", exact=True).fill("Plain")
    page.get_by_label("Name in URLs").fill("acme")
    page.get_by_role("button", name="Make the team").click()
    expect(page.get_by_role("alert")).to_contain_text("already a team named “acme”")
    page.get_by_label("Name in URLs").fill("plain")
    page.get_by_role("button", name="Make the team").click()
    expect(page).to_have_url(f"{stack.url}/t/plain")
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Name in URLs").fill("plainer")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{stack.url}/t/plainer/@settings")
    page.goto(f"{stack.url}/t/plain/@settings")
    expect(page).to_have_url(f"{stack.url}/t/plainer/@settings")
    expect(page.get_by_text("Before it was named plain.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    assert re.fullmatch(r"plainer-[-\d]+\.zip", download.value.suggested_filename)
    page.get_by_role("link", name="Leave the team").click()
    page.get_by_role("button", name="Leave plainer").click()
    expect(page.get_by_role("alert")).to_contain_text("only owner")
    page.goto(f"{stack.url}/t/plainer/@delete")
    page.get_by_role("textbox").fill("plain")
    page.get_by_role("button", name=re.compile("for good")).click()
    expect(page.get_by_role("alert")).to_contain_text("not the team's name")
    page.get_by_role("textbox").fill("plainer")
    page.get_by_role("button", name=re.compile("for good")).click()
    expect(page.get_by_role("status")).to_contain_text("Plain is deleted.")
    context.close()
