"""Somebody without an account: a press, an editor and a live URL; then they keep it, and nothing is lost."""

import re
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.desk import Desk
from tests.stack import Member, Stack

MINE = """\
module.exports = function (ctx, cb) {
  console.log("mine", ctx.query.name);
  cb(null, { mine: ctx.query.name });
};
"""
OUT = """\
module.exports = async () => {
  const answer = await fetch("http://192.0.2.1/").catch(() => "no way out");
  return { answer };
};
"""
PASSWORD = "correct horse battery"


def enter(page: Page, stack: Stack) -> Desk:
    """By the button of the start page."""
    page.goto(stack.url)
    page.get_by_role("button", name="Open the editor").click()
    expect(page).to_have_url(re.compile(r"/t/try-[a-z]{10}/hello$"))
    desk = Desk(page, stack.url, "hello", team=urlsplit(page.url).path.split("/")[2])
    desk.lines.first.wait_for()
    return desk


def called(stack: Stack, desk: Desk) -> httpx.Response:
    return httpx.get(f"{stack.url}/api/run/{desk.team}/hello?name=Ada", timeout=60)


def code_for(stack: Stack, address: str) -> str:
    """What the letter says to type; without a mail server letters are in the log. Returns when it is there."""
    ours = False
    with subprocess.Popen(["tail", "-n", "+1", "-f", stack.log], stdout=subprocess.PIPE, text=True) as tail:
        assert tail.stdout
        for line in tail.stdout:
            ours = line.strip() == f"To: {address}" if line.startswith("To: ") else ours
            found = re.fullmatch(r" {4}(\S+)\n", line)
            if ours and found:
                tail.terminate()
                return found.group(1)
    raise AssertionError("the log ended")


def prove(page: Page, stack: Stack, address: str) -> None:
    expect(page.get_by_role("heading", name="Type the code")).to_be_visible()
    page.get_by_label("Code").fill(code_for(stack, address))
    page.get_by_role("button", name="Go on").click()


def test_from_a_press_to_an_account(signed_out: BrowserContext, stack: Stack):
    page = signed_out.new_page()
    desk = enter(page, stack)

    # Live at once, and told until when and what holds.
    assert called(stack, desk).json() == {"hello": "Ada"}
    strip = page.get_by_role("complementary", name="Without an account")
    expect(strip).to_contain_text(re.compile(r"Yours until \d\d:\d\d( tomorrow)?\."))
    strip.get_by_text("What holds until then").click()
    expect(strip).to_contain_text("64 MiB of memory")

    # Edit, run, publish, call.
    desk.write(OUT)
    desk.run()
    expect(page.get_by_test_id("body")).to_contain_text("no way out")
    expect(desk.log.filter(has_text="the network is closed").first).to_be_visible()
    desk.write(MINE)
    desk.publish("Mine")
    assert called(stack, desk).json() == {"mine": "Ada"}

    # Keep it, with something typed that nobody has saved yet.
    page.locator(".monaco-editor .view-lines:visible").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("// typed a moment ago")
    page.get_by_role("link", name="Keep it").click()
    page.get_by_label("E-mail address").fill("grace@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    prove(page, stack, "grace@example.com")

    # The same workspace, code and draft; the same URL, still answering; no end any more.
    expect(page).to_have_url(desk.path)
    expect(page.get_by_role("status").filter(has_text="for good")).to_be_visible()
    expect(desk.lines.last).to_contain_text("// typed a moment ago")
    expect(desk.state).to_have_text(re.compile(r"Draft saved \d\d:\d\d"))
    expect(desk.live).to_have_text("v2 live")
    expect(strip).to_be_hidden()
    assert called(stack, desk).json() == {"mine": "Ada"}

    # An account like any other.
    page.get_by_label("Account and theme").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{stack.url}/")
    page.goto(f"{stack.url}/signin")
    page.get_by_label("E-mail address").fill("grace@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(f"/t/{desk.team}$"))
    expect(page.get_by_role("row", name="hello")).to_contain_text("v2")


@pytest.fixture
def alone(owner: Member) -> Iterator[None]:
    """What the owner kept goes again: other tests count on the owner's only team. Asked for before the browser's window, it
    outlives that: the page may still fetch of the team."""
    yield
    guard = {"x-csrftoken": owner.http.cookies["webtasks_csrf"]}
    for team in owner.http.get("/api/teams").json():
        if team["slug"].startswith("try-"):
            path = f"/api/teams/{team['slug']}?slug={team['slug']}"
            assert owner.http.delete(path, headers=guard).is_success


def test_in_the_account_that_somebody_has(alone: None, signed_out: BrowserContext, stack: Stack):
    page = signed_out.new_page()
    desk = enter(page, stack)
    desk.write(MINE)
    desk.save()
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("button", name="I have an account").click()
    expect(page.get_by_role("status")).to_contain_text("moves to your account")
    page.get_by_label("E-mail address").fill(stack.email)
    page.get_by_label("Password").fill(stack.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(desk.path)
    expect(page.get_by_role("status").filter(has_text="for good")).to_be_visible()
    expect(desk.lines.nth(1)).to_contain_text("mine")
    assert called(stack, desk).json() == {"hello": "Ada"}


def test_by_a_passkey(signed_out: BrowserContext, stack: Stack):
    page = signed_out.new_page()
    session = signed_out.new_cdp_session(page)
    session.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
    desk = enter(page, stack)
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_label("E-mail address").fill("linus@example.com")
    page.get_by_role("button", name="Go on").click()
    prove(page, stack, "linus@example.com")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_hidden()
    page.goto(f"{stack.url}/signout")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{stack.url}/")
    page.goto(f"{stack.url}/signin")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(f"/t/{desk.team}$"))


def test_the_address_alone_is_enough_where_scripts_run(signed_out: BrowserContext, stack: Stack):
    page = signed_out.new_page()
    page.goto(f"{stack.url}/new")
    expect(page).to_have_url(re.compile(r"/t/try-[a-z]{10}/hello$"))
    team = page.url
    # After a sign-out it is still theirs.
    page.goto(f"{stack.url}/signout")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{stack.url}/")
    page.goto(f"{stack.url}/new")
    expect(page).to_have_url(team)


def test_without_javascript(browser: Browser, stack: Stack):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stack.url}/new")
    page.get_by_role("button", name="Open the editor").click()
    expect(page).to_have_url(re.compile(r"/t/try-[a-z]{10}/hello$"))
    expect(page.locator("pre")).to_contain_text("module.exports = function (ctx, cb)")
    page.goto(page.url.removesuffix("/hello"))
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"Yours for another 2[34] hours\."))
    page.get_by_role("link", name="Keep it").click()
    page.get_by_label("E-mail address").fill("ken@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    prove(page, stack, "ken@example.com")
    expect(page.get_by_role("status")).to_contain_text("for good")
    context.close()
