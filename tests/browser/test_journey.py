"""A newcomer's whole way: sign in, open the demo webtask, edit, run, publish, call it, read its log, go back."""

import re

import httpx
from playwright.sync_api import BrowserContext, expect

from tests.browser.desk import Desk, sign_in
from tests.stack import Stack

EDITED = """\
module.exports = function (ctx, cb) {
  console.warn("greeting", ctx.query.name);
  cb(null, { greetings: ctx.query.name });
};
"""


def served(stack: Stack) -> httpx.Response:
    return httpx.get(f"{stack.url}/api/run/acme/hello?name=Ada")


def test_from_sign_in_to_restore(signed_out: BrowserContext, stack: Stack):
    page = signed_out.new_page()
    before = served(stack)

    page.goto(stack.url)
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, stack.url, stack.email, stack.password)
    page.get_by_role("link", name="hello", exact=True).click()
    desk = Desk(page, stack.url, "hello")
    desk.lines.first.wait_for()
    first = int(re.findall(r"v(\d+) live", desk.live.inner_text())[0])

    # Edit: saved by itself.
    desk.write(EDITED)
    expect(desk.state).to_have_text(re.compile(r"Draft saved \d\d:\d\d"))

    # Run the draft: its answer, while the URL still serves what is live.
    page.get_by_label("Path and query").fill("/?name=Ada")
    desk.run()
    expect(page.get_by_test_id("status")).to_have_text("200 OK")
    expect(page.get_by_test_id("time")).to_have_text(re.compile(r"^[\d.]+ m?s$"))
    expect(page.get_by_test_id("body")).to_have_text('{\n  "greetings": "Ada"\n}')
    expect(desk.answer).to_contain_text("draft")
    desk.answer.get_by_text("Headers").click()
    expect(desk.answer.get_by_role("definition").filter(has_text="application/json")).to_be_visible()
    assert served(stack).text == before.text

    # Its line in the log: level, time, invocation id.
    invocation = desk.answer.locator("code").first.inner_text()
    line = desk.log.filter(has_text="greeting Ada").last
    expect(line).to_contain_text("warn")
    expect(line.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d\.\d{3}$"))
    expect(line.locator("code")).to_have_text(invocation[-6:])

    # Publish: the URL serves it from that moment.
    desk.publish("Greet by name")
    answer = served(stack)
    assert answer.json() == {"greetings": "Ada"}
    assert answer.headers["x-wt-version"] == f"v{first + 1}"
    expect(desk.live).to_have_text(f"v{first + 1} live")
    expect(desk.state).to_have_text("Saved")
    expect(page.get_by_text(re.compile(rf"v{first + 1} is live · confirmed in \d+ ms"))).to_be_visible()

    # The versions; look at the old one, then bring it back as a new one.
    versions = desk.versions()
    expect(versions.first).to_contain_text("Greet by name")
    page.get_by_role("button", name=f"View v{first}").click()
    expect(page).to_have_url(re.compile(rf"\?view=versions&version={first}$"))
    expect(page.get_by_role("group", name=f"Version {first}")).to_be_visible()
    page.get_by_role("group", name=f"Version {first}").get_by_role("button", name="Restore").click()
    expect(versions.first).to_contain_text(f"restored from v{first}")
    expect(desk.live).to_have_text(f"v{first + 2} live")
    assert served(stack).text == before.text
    expect(desk.lines.filter(has_text="greetings")).to_have_count(0)
