"""Guards as people meet them: set in the settings, and a private page on the team's host."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk, show
from tests.senders import signed
from tests.stack import Member, Stack

PAGE = """\
module.exports = function (ctx, req, res) {
  res.setHeader("content-type", "text/html");
  res.end(`<title>Members</title><h1>Only for us</h1><pre>${req.url} ${req.headers.cookie}</pre>`);
};
"""


@pytest.fixture
def private(owner: Member, webtask: str) -> str:
    owner.publish(webtask, PAGE)
    assert owner.api("PUT", f"/{webtask}/guard", json={"kind": "private"}).status_code == 200
    return webtask


@pytest.fixture
def stranger(browser: Browser, complaints: Complaints) -> Iterator[BrowserContext]:
    context = browser.new_context()
    complaints.watch(context)
    yield context
    context.close()


def test_a_private_page_is_for_who_signs_in(
    stranger: BrowserContext, stack: Stack, private: str, complaints: Complaints
):
    complaints.expect("favicon")
    page = stranger.new_page()
    page.goto(f"http://{stack.team_host}/{private}/a?b=1")
    expect(page).to_have_url(re.compile(rf"^{stack.url}/signin"))
    page.get_by_label("E-mail").fill(stack.email)
    page.get_by_label("Password", exact=True).fill(stack.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Only for us")).to_be_visible()
    expect(page).to_have_url(f"http://{stack.team_host}/{private}/a?b=1")
    expect(page.locator("pre")).to_have_text(f"/{private}/a?b=1 undefined")
    (word,) = [one for one in stranger.cookies() if one["name"] == "webtasks_pass"]
    assert (word["httpOnly"], word["path"], word["sameSite"]) == (True, f"/{private}", "Lax")
    # Another tab comes in at once; who signs out is out.
    again = stranger.new_page()
    again.goto(f"http://{stack.team_host}/{private}")
    expect(again.get_by_role("heading", name="Only for us")).to_be_visible()
    away = stranger.new_page()
    away.goto(f"{stack.url}/t/acme")
    away.get_by_role("button", name="Sign out").click()
    expect(away).to_have_url(f"{stack.url}/")
    while "/signin" not in page.url:
        page.goto(f"http://{stack.team_host}/{private}")


def test_who_is_signed_in_passes_without_a_word(page: Page, stack: Stack, private: str):
    page.goto(f"http://{stack.team_host}/{private}?x")
    expect(page.get_by_role("heading", name="Only for us")).to_be_visible()
    expect(page).to_have_url(f"http://{stack.team_host}/{private}?x")
    page.goto(f"{stack.url}/api/run/acme/{private}")
    expect(page.get_by_role("heading", name="Only for us")).to_be_visible()


def test_a_link_to_the_way_back_opens_nothing_in_another_browser(
    stranger: BrowserContext, owner: Member, stack: Stack, private: str, complaints: Complaints
):
    """The ticket that alice got is no good to whoever reads it in a log."""
    complaints.expect("status of 403")
    state = "0" * 64
    answer = owner.http.get(
        f"/enter/acme/{private}?state={state}",
        headers={"sec-fetch-site": "same-site"},
        follow_redirects=False,
    )
    assert answer.status_code == 302
    page = stranger.new_page()
    shown = page.goto(answer.headers["location"])
    assert shown
    assert shown.status == 403
    expect(page.get_by_text("made for another browser")).to_be_visible()


def test_a_guard_is_set_with_its_secret(desk: Desk, page: Page, stack: Stack, webtask: str):
    show(page, "Settings")
    panel = page.get_by_role("region", name="Settings")
    panel.get_by_role("radio", name="A sender of webhooks").check()
    panel.get_by_label("Sender", exact=True).select_option("slack")
    panel.get_by_label("Its value").fill("shhh")
    expect(panel.get_by_role("region", name="At the sender")).to_contain_text("Signing Secret")
    panel.get_by_role("button", name="Save guard").click()
    expect(panel.get_by_text("In force")).to_be_visible()
    expect(page.get_by_test_id("guard")).to_have_text("Slack only")
    url = f"{stack.url}/api/run/acme/{webtask}"
    assert httpx.post(url, content=b"x").status_code == 401
    headers = signed("slack", b"x", secret="shhh")
    assert httpx.post(url, content=b"x", headers=headers).status_code == 200
    panel.get_by_role("radio", name="Everybody").check()
    panel.get_by_role("button", name="Save guard").click()
    expect(page.get_by_test_id("guard")).to_have_count(0)


def test_a_webtask_is_paused_and_goes_on(desk: Desk, page: Page, stack: Stack, webtask: str):
    show(page, "Settings")
    page.get_by_role("button", name="Pause webtask").click()
    expect(page.get_by_test_id("live")).to_have_text(re.compile("paused"))
    url = f"{stack.url}/api/run/acme/{webtask}"
    assert httpx.get(url).status_code == 503
    other = page.context.new_page()
    other.goto(f"{stack.url}/t/acme")
    expect(other.get_by_role("row", name=webtask)).to_contain_text("Paused")
    page.get_by_role("button", name="Resume webtask").click()
    expect(page.get_by_test_id("live")).to_have_text(re.compile("live"))
    assert httpx.get(url).status_code == 200
