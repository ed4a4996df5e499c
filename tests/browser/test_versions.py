"""Changes and versions: hunk by hunk, file by file, any two of them, and each by its own URL."""

import json
import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk, show
from tests.stack import Member, Stack

FIRST = "const one = 1;\nconst two = 2;\n\n\n\n\n\n\n\n\nmodule.exports = (cb) => cb(null, one + two);\n"
SECOND = FIRST.replace("one = 1", "one = 10").replace("cb(null, one", "cb(null, 2 * one")


def draft(owner: Member, webtask: str, code: str, files: dict[str, str], base: int) -> None:
    body = {"code": code, "files": files, "base": base}
    saved = owner.api("PUT", f"/{webtask}/draft", json=body, headers={"if-none-match": "*"})
    assert saved.status_code == 200, saved.text


def publish(owner: Member, webtask: str, code: str, files: dict[str, str], message: str) -> int:
    live = owner.api("GET", f"/{webtask}").json()["live"]["number"]
    draft(owner, webtask, code, files, live)
    etag = owner.api("GET", f"/{webtask}").json()["draft"]["etag"]
    done = owner.api("POST", f"/{webtask}/publish", json={"message": message, "etag": etag})
    assert done.status_code == 201, done.text
    return int(done.json()["version"]["number"])


def files_of(page: Page) -> Locator:
    return page.get_by_test_id("changed-file")


def differs(page: Page) -> Locator:
    return page.get_by_role("complementary", name="What differs")


@pytest.fixture
def changed(page: Page, stack: Stack, owner: Member, webtask: str) -> Desk:
    """v2 live with two files, and a draft that changes one, takes one out and adds one."""
    publish(owner, webtask, FIRST, {"lib/a.js": "a\n", "lib/gone.js": "g\n"}, "Two files")
    draft(owner, webtask, SECOND, {"lib/a.js": "a \n", "lib/new.js": "n\n"}, 2)
    desk = Desk(page, stack.url, webtask)
    desk.open("?view=changes")
    return desk


def test_changes_lists_every_file_with_its_counts(changed: Desk, page: Page):
    name = f"{changed.webtask}.js"
    expect(files_of(page).locator(".path")).to_have_text([name, "lib/a.js", "lib/gone.js", "lib/new.js"])
    expect(files_of(page).locator(".status")).to_have_text(["removed", "added"])
    expect(differs(page)).to_contain_text("4 files")
    page.get_by_label("Ignore white space").check()
    expect(files_of(page).locator(".path")).to_have_text([name, "lib/gone.js", "lib/new.js"])
    page.reload()
    expect(page.get_by_label("Ignore white space")).to_be_checked()
    page.get_by_label("Ignore white space").uncheck()
    expect(page.locator(".monaco-diff-editor.side-by-side")).to_be_visible()
    page.get_by_role("button", name="Inline").click()
    expect(page.locator(".monaco-diff-editor:not(.side-by-side)")).to_be_visible()
    page.get_by_role("button", name="Side by side").click()
    diff = page.locator(".monaco-diff-editor.side-by-side")
    # In colour: other token classes than the plain one.
    expect(diff.locator(".view-line span[class^=mtk]:not(.mtk1)").first).to_be_visible()


def test_a_hunk_goes_back_by_the_keyboard_and_undo_has_it(changed: Desk, page: Page, owner: Member):
    first = page.get_by_role("button", name="Revert line 1 of")
    first.focus()
    page.keyboard.press("Enter")
    expect(differs(page).get_by_role("status")).to_contain_text("The text of v2 is back in line 1 of")
    # The next one has the focus: one key after another.
    expect(page.get_by_role("button", name="Revert line 11 of")).to_be_focused()
    mixed = SECOND.replace("one = 10", "one = 1")
    expect(changed.state).to_have_text(re.compile("Draft saved"))
    assert owner.api("GET", f"/{changed.webtask}").json()["draft"]["code"] == mixed
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_have_count(0)
    # Also the editor's own undo has it.
    show(page, "Code")
    changed.lines.first.click()
    page.keyboard.press("Control+Z")
    expect(changed.lines.filter(has_text="one = 10")).to_have_count(1)


def test_whole_files_go_back(changed: Desk, page: Page, owner: Member):
    files_of(page).filter(has_text="lib/gone.js").get_by_role("button").first.click()
    page.get_by_role("button", name="Bring it back").click()
    files_of(page).filter(has_text="lib/new.js").get_by_role("button").first.click()
    page.get_by_role("button", name="Take it out again").click()
    expect(differs(page)).to_contain_text("2 files")
    expect(changed.state).to_have_text(re.compile("Draft saved"))
    files = owner.api("GET", f"/{changed.webtask}").json()["draft"]["files"]
    assert files == {"lib/a.js": "a \n", "lib/gone.js": "g\n"}


def test_published_where_the_changes_are(changed: Desk, page: Page, owner: Member, stack: Stack):
    owner.api("PATCH", f"/{changed.webtask}/secrets", json={"secrets": {"API_KEY": "of-no-use"}})
    page.reload()
    beside = differs(page).get_by_role("region", name="Beside the text")
    expect(beside).to_contain_text("Secrets set since v2")
    expect(beside).to_contain_text("API_KEY")
    differs(page).get_by_label("What changed").fill("Twice")
    differs(page).get_by_role("button", name="Publish", exact=True).click()
    expect(changed.live).to_have_text("v3 live")
    expect(differs(page)).to_contain_text("There is no difference.")
    assert httpx.get(f"{stack.url}/api/run/acme/{changed.webtask}").text == "22"


def test_a_half_typed_message_outlives_what_is_published_meanwhile(changed: Desk, page: Page, owner: Member):
    message = differs(page).get_by_label("What changed")
    message.click()
    page.keyboard.type("Half")
    owner.api("POST", f"/{changed.webtask}/versions/1/restore", json={})
    expect(differs(page).get_by_role("alert")).to_contain_text("v3 was published by")
    expect(page.get_by_role("heading", name="v3 live, and your draft")).to_be_visible()
    expect(message).to_be_focused()
    page.keyboard.type(" typed")
    show(page, "Code")
    page.go_back()
    expect(message).to_have_value("Half typed")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_role("dialog").get_by_label("What changed")).to_have_value("Half typed")


def test_a_publish_does_not_warn_of_itself(changed: Desk, page: Page):
    """The websocket tells of the version before the answer comes."""
    held: list[Route] = []
    later: list[Route] = []

    def hold_it(route: Route) -> None:
        held.append(route)

    def hold(route: Route) -> None:
        later.append(route)

    page.route("**/publish", hold_it)
    page.keyboard.press("Control+Shift+Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What changed").fill("Mine")
    page.route(f"**/webtasks/{changed.webtask}", hold)
    with page.expect_request("**/publish"):
        dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog.get_by_role("button", name="Publishing…")).to_be_visible()
    [route] = held
    answer = route.fetch()
    expect(changed.live).to_have_text("v3 live")
    expect(dialog.get_by_role("button", name="Publishing…")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    route.fulfill(response=answer)
    expect(dialog).to_be_hidden()
    for one in later:
        one.continue_()
    expect(changed.versions().first).to_contain_text("Mine")


def test_any_two_versions_by_an_address(page: Page, stack: Stack, owner: Member, webtask: str):
    publish(owner, webtask, FIRST, {"lib/a.js": "a\n"}, "Second")
    publish(owner, webtask, SECOND, {}, "Third")
    publish(owner, webtask, SECOND, {"lib/b.js": "b\n"}, "Fourth")
    desk = Desk(page, stack.url, webtask)
    desk.open("?view=versions&version=4&against=2")
    names = [f"{webtask}.js", "lib/a.js", "lib/b.js"]
    expect(files_of(page).locator(".path")).to_have_text(names)
    expect(differs(page)).to_contain_text("between v2 and v4")
    bar = page.get_by_role("group", name="Version 4")
    expect(bar.get_by_label("Compare with")).to_have_value("2")
    bar.get_by_label("Compare with").select_option("v3, the one before")
    expect(page).to_have_url(re.compile(r"\?view=versions&version=4&against=3$"))
    expect(files_of(page).locator(".path")).to_have_text(["lib/b.js"])
    expect(page.get_by_role("button", name=re.compile("^Revert"))).to_have_count(0)
    page.go_back()
    expect(files_of(page).locator(".path")).to_have_text(names)
    bar.get_by_label("Compare with").select_option("nothing")
    page.get_by_role("group", name="Files of v4").get_by_role("button", name="lib/b.js").click()
    expect(desk.lines.filter(has_text=re.compile("^b$"))).to_have_count(1)


def test_the_url_of_a_version_goes_on_answering_it(page: Page, stack: Stack, owner: Member, webtask: str):
    publish(owner, webtask, FIRST, {}, "Second")
    publish(owner, webtask, SECOND, {}, "Third")
    desk = Desk(page, stack.url, webtask)
    desk.open()
    old = desk.versions().nth(1)
    old.get_by_role("button", name="Copy the URL of v2").click()
    expect(old.get_by_role("status")).to_have_text("Copied")
    url = page.evaluate("navigator.clipboard.readText()")
    assert url == f"http://{stack.team_host}/{webtask}@v2"
    host = {"host": stack.team_host}

    def called(pin: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{stack.port}/{webtask}{pin}", headers=host)

    assert [called(pin).text for pin in ("@v2", "")] == ["3", "22"]
    old.get_by_role("button", name="Restore v2").click()
    expect(desk.live).to_have_text("v4 live")
    expect(desk.versions().first).to_contain_text("restored from v2")
    assert [called(pin).text for pin in ("@v2", "@v3", "@v4", "")] == ["3", "22", "3", "3"]
    assert called("@v2").headers["x-wt-version"] == "v2"


def test_the_run_panel_runs_an_older_version(page: Page, stack: Stack, owner: Member, webtask: str):
    publish(owner, webtask, FIRST, {}, "Second")
    publish(owner, webtask, SECOND, {}, "Third")
    desk = Desk(page, stack.url, webtask)
    desk.open()
    page.get_by_label("Runs", exact=True).select_option("v2")
    desk.run()
    expect(page.get_by_test_id("code")).to_contain_text("v2")
    expect(page.get_by_test_id("body")).to_have_text("3")
    page.get_by_label("Runs", exact=True).select_option("v3, live")
    desk.page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("body")).to_have_text("22")
    page.get_by_test_id("answer").get_by_text("Time", exact=True).click()
    expect(page.get_by_test_id("times")).to_contain_text("started a worker")


HOSTILE = """\
module.exports = function (ctx, req, res) {
  res.setHeader("content-type", "text/html; charset=utf-8");
  res.end(`<!doctype html><title>Mine</title><h1>Hello</h1><p id="told"></p><script>
    const told = [];
    const tries = {
      origin: () => origin,
      cookies: () => document.cookie,
      storage: () => localStorage.length,
      console: () => parent.document.title,
      top: () => { top.location.hash = "taken"; return "let"; },
    };
    for (const [name, attempt] of Object.entries(tries)) {
      try { told.push(name + "=" + attempt()); } catch (error) { told.push(name + "!" + error.name); }
    }
    document.querySelector("#told").textContent = told.join(" ") + " " + (document.compatMode) + " " + new URL("x", document.baseURI).href;
  </` + `script>`);
};
"""


def test_a_page_is_shown_and_can_reach_nothing(page: Page, stack: Stack, owner: Member, webtask: str):
    owner.publish(webtask, HOSTILE, "A page")
    desk = Desk(page, stack.url, webtask)
    desk.open()
    desk.run()
    page.get_by_role("button", name="Preview").click()
    frame = page.frame_locator("[data-testid=preview]")
    expect(frame.get_by_role("heading", name="Hello")).to_be_visible()
    told = frame.locator("#told").inner_text()
    assert told.split() == [
        "origin=null",
        "cookies!SecurityError",
        "storage!SecurityError",
        "console!SecurityError",
        "top!SecurityError",
        "CSS1Compat",
        f"http://{stack.team_host}/x",
    ]
    element = page.get_by_test_id("preview")
    assert element.get_attribute("sandbox") == "allow-scripts"
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.get_by_test_id("body")).to_contain_text("<h1>Hello</h1>")


def test_a_shown_page_cannot_lead_its_frame_away(
    page: Page, stack: Stack, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("frame-src|violates the following Content Security Policy|ERR_BLOCKED_BY_CSP|X-Frame")
    leads = f'<h1>Here</h1><script>location = "{stack.url}/signin"</script>'
    code = "module.exports = (ctx, req, res) => { res.setHeader('content-type', 'text/html'); res.end(%s); };"
    owner.publish(webtask, code % json.dumps(leads), "Away")
    desk = Desk(page, stack.url, webtask)
    desk.open()
    desk.run()
    with page.expect_event("console", lambda message: "frame-src" in message.text):
        page.get_by_role("button", name="Preview").click()
    # The report comes a moment later, and is not the next test's.
    while not re.search(rf"console\.csp.*{webtask}.*frame-src", stack.log.read_text()):
        page.wait_for_timeout(50)


def test_the_page_that_shows_previews_is_nothing_by_itself(page: Page, stack: Stack):
    page.goto(f"http://{stack.team_host}/@preview")
    page.evaluate("window.postMessage('<h1>Forged</h1>', '*')")
    expect(page.locator("h1")).to_have_count(0)
    answer = httpx.get(f"http://127.0.0.1:{stack.port}/@preview", headers={"host": stack.team_host})
    assert answer.headers["content-security-policy"] == "sandbox allow-scripts; frame-ancestors localhost:*"
    assert "set-cookie" not in answer.headers
    posted = httpx.post(f"http://127.0.0.1:{stack.port}/@preview", headers={"host": stack.team_host})
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    elsewhere = httpx.get(f"{stack.url}/@preview", headers={"accept": "text/html"})
    assert elsewhere.status_code == 404
