"""Code is shared by a link and forked by somebody else; the link of `wt edit` signs in with its token, until that ends."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import VIOLATIONS, WINDOW, Complaints
from tests.browser.desk import Desk, show
from tests.browser.test_accessibility import AXE, violations
from tests.stack import Member, Stack

README = "# Greets\n\nAnswers with `first`.\n\n- <b>no markup</b>\n"


def shared(page: Page) -> Locator:
    """The dialog, open."""
    page.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Anyone with the link").wait_for()
    return dialog


def by_palette(page: Page) -> None:
    page.keyboard.press("Control+K")
    page.get_by_role("combobox", name="Find a command").fill("share")
    page.get_by_role("option", name="Share", exact=True).click()


def link_of(dialog: Locator) -> str:
    dialog.get_by_label("Anyone with the link").click()
    link = dialog.locator("a[href*='/s/']")
    expect(dialog.get_by_label("Anyone with the link")).to_be_checked()
    return link.inner_text()


@pytest.fixture
def plain(browser: Browser, complaints: Complaints) -> Iterator[BrowserContext]:
    """Somebody else's, without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    complaints.watch(context)
    yield context
    context.close()


def test_shared_read_and_forked(desk: Desk, owner: Member, plain: BrowserContext, complaints: Complaints):
    saved = owner.api("PUT", f"/{desk.webtask}/draft", json={"code": "// shared", "base": 1, "files": {"README.md": README}}, headers={"if-none-match": "*"})  # fmt: skip
    assert saved.status_code == 200, saved.text
    body = {"message": "", "etag": saved.json()["etag"]}
    assert owner.api("POST", f"/{desk.webtask}/publish", json=body).status_code == 201
    dialog = shared(desk.page)
    link = link_of(dialog)

    page = plain.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text(desk.webtask)
    expect(page.get_by_label(f"Code of {desk.webtask}.js")).to_have_text("// shared")
    expect(page.get_by_label("README", exact=True)).to_contain_text("<b>no markup</b>")
    expect(page.get_by_role("heading", name="Greets")).to_be_visible()
    expect(page.locator("meta[property='og:url']")).to_have_attribute("content", link)

    page.get_by_role("button", name="Fork without an account").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fork acme/")
    page.get_by_role("button", name="Fork", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/t/try-[a-z]{{10}}/{desk.webtask}$"))
    expect(page.locator(".wt-code")).to_have_text("// shared")

    dialog.get_by_role("button", name="Take it back").click()
    dialog.get_by_role("button", name="Take it back").click()
    expect(dialog.get_by_label("Anyone with the link")).not_to_be_checked()
    complaints.expect("status of 404")
    page.goto(link)
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_it_runs_on_its_own_host(desk: Desk, plain: BrowserContext, complaints: Complaints):
    complaints.expect("favicon")
    page = plain.new_page()
    page.goto(link_of(shared(desk.page)))
    for field, typed in (("GET, with a query", "n=2"), ("POST, with a form", "Ada")):
        form = page.locator("form").filter(has=page.get_by_label(field))
        form.get_by_label(field).fill(typed)
        with plain.expect_page() as opened:
            form.get_by_role("button", name="Run it").click()
        expect(opened.value).to_have_url(re.compile(rf"^http://acme\.localhost[^/]*/{desk.webtask}(\?n=2)?$"))
        expect(opened.value.locator("body")).to_contain_text("first")


def test_the_dialog_tells_the_url_from_the_code(desk: Desk, page: Page):
    dialog = shared(page)
    call = dialog.get_by_role("region", name="Call its URL")
    expect(call).to_contain_text("Anyone who has the URL.")
    call.get_by_role("button", name="Copy as Markdown").click()
    expect(call.get_by_text("Copied", exact=True)).to_be_attached()
    assert re.fullmatch(r"\[acme/[\w-]+\]\(http\S+\)", page.evaluate("navigator.clipboard.readText()"))
    expect(dialog.get_by_role("region", name="Tokens")).to_contain_text("Issue and revoke tokens")
    call.get_by_role("button", name="Change").click()
    expect(page.get_by_role("heading", name="Who may call it")).to_be_visible()
    by_palette(page)
    expect(dialog.get_by_role("heading", name="Share acme/")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_of_it(
    theme: Any, width: int, browser: Browser, session_state: Any, stack: Stack, webtask: str, complaints: Complaints
):  # fmt: skip
    size: Any = {"width": width, "height": 844}
    context = browser.new_context(storage_state=session_state, viewport=size, color_scheme=theme, reduced_motion="reduce")  # fmt: skip
    context.add_init_script(path=AXE)
    complaints.watch(context)
    page = context.new_page()
    desk = Desk(page, stack.url, webtask)
    desk.open()
    by_palette(page)
    dialog = page.get_by_role("dialog")
    link = link_of(dialog)
    dialog.get_by_role("link", name="Issue and revoke tokens").wait_for()
    found = violations(page)
    for path in (link, f"{link}/fork"):
        page.goto(path)
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert found == []


# -- by a token -------------------------------------------------------------------------------------------------


def issued(owner: Member, webtask: str) -> tuple[str, str]:
    """A webtask token for that one alone, and its id."""
    body = {"kind": "webtask", "name": "from the client", "webtasks": [webtask]}
    headers = {"x-csrftoken": owner.http.cookies["webtasks_csrf"]}
    made = owner.http.post("/api/teams/acme/tokens", json=body, headers=headers)
    assert made.status_code == 201, made.text
    return made.json()["secret"], made.json()["jti"]


def test_by_a_token_edit_publish_and_out(
    signed_out: BrowserContext, owner: Member, stack: Stack, webtask: str, complaints: Complaints
):
    token, jti = issued(owner, webtask)
    page = signed_out.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    page.goto(f"{stack.url}/edit/acme#/{webtask}/{token}")
    expect(page).to_have_url(f"{stack.url}/t/acme/{webtask}")
    assert not [one for one in asked if token in one.replace(f"/edit/acme#/{webtask}/{token}", "")]
    desk = Desk(page, stack.url, webtask)
    desk.lines.first.wait_for()
    strip = page.get_by_label("Signed in with a token")
    expect(strip).to_contain_text("Signed in with the token “from the client”, for this webtask alone.")
    views = page.get_by_role("navigation", name="Views").locator("button:not(.fold)")
    expect(views.filter(has_text="Code")).to_be_visible()

    desk.write("module.exports = cb => cb(null, 'by token');")
    desk.publish("By token")
    answer = httpx.get(f"{stack.url}/api/run/acme/{webtask}", timeout=60)
    assert answer.text == '"by token"'
    expect(page.get_by_test_id("link")).to_have_text("Live")

    desk.write("// not saved yet")
    desk.save()
    complaints.expect("status of 401")
    headers = {"x-csrftoken": owner.http.cookies["webtasks_csrf"]}
    gone = owner.http.delete(f"/api/teams/acme/tokens/{jti}", headers=headers)
    assert gone.status_code == 204, gone.text
    expect(page.get_by_text("has ended or was revoked")).to_be_visible()
    expect(desk.lines.first).to_have_text("// not saved yet")
    page.goto(f"{stack.url}/t/acme/{webtask}")
    expect(page).to_have_url(re.compile("/signin"))
    expect(page.get_by_role("status")).to_contain_text("has ended or was revoked")
    complaints.expect("status of 403")
    page.goto(f"{stack.url}/edit/acme#/{webtask}/{token}")
    expect(page.get_by_role("alert")).to_have_text("token is revoked")
    assert page.evaluate("location.hash") == ""


def test_leaving_is_signing_out(
    signed_out: BrowserContext, owner: Member, stack: Stack, webtask: str, complaints: Complaints
):
    complaints.expect("status of 401")  # of what the page still fetches
    token, _ = issued(owner, webtask)
    page = signed_out.new_page()
    page.goto(f"{stack.url}/edit/acme#/{webtask}/{token}")
    page.get_by_label("Signed in with a token").get_by_role("button", name="Leave").click()
    expect(page).to_have_url(f"{stack.url}/")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_whoever_is_signed_in_stays_so(page: Page, owner: Member, stack: Stack, webtask: str):
    token, _ = issued(owner, webtask)
    page.goto(f"{stack.url}/edit/acme#/{webtask}/{token}")
    expect(page).to_have_url(f"{stack.url}/t/acme/{webtask}")
    expect(page.get_by_text("that counts here, not the token in the link")).to_be_visible()
    expect(page.get_by_label("Signed in with a token")).to_have_count(0)
    show(page, "Settings")


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_by_a_token(
    width: int, browser: Browser, owner: Member, stack: Stack, webtask: str, complaints: Complaints
):
    token, _ = issued(owner, webtask)
    size: Any = {"width": width, "height": 844}
    context = browser.new_context(**{**WINDOW, "viewport": size, "reduced_motion": "reduce"})
    context.add_init_script(VIOLATIONS)
    context.add_init_script(path=AXE)
    complaints.watch(context)
    page = context.new_page()
    page.goto(f"{stack.url}/edit/acme#/{webtask}/{token}")
    Desk(page, stack.url, webtask).lines.first.wait_for()
    found = violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("about:blank")
    context.clear_cookies()
    complaints.expect("status of 400")
    page.goto(f"{stack.url}/edit/acme")
    page.get_by_role("alert").wait_for()
    found += violations(page)
    context.close()
    assert found == []
