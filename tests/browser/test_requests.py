"""The request beside the code: from a curl command, in rows, saved, as somebody, and stopped."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.stack import Member, Stack

ECHO = """\
module.exports = function (ctx, req, res) {
  if (ctx.query.wait) return;
  let body = "";
  req.on("data", (chunk) => (body += chunk));
  req.on("end", () => {
    const { method, url, headers } = req;
    res.end(JSON.stringify({ method, url, type: headers["content-type"], as: headers.authorization, body }));
  });
};
"""


@pytest.fixture
def echo(page: Page, stack: Stack, owner: Member, webtask: str) -> Desk:
    owner.publish(webtask, ECHO, "Echo")
    desk = Desk(page, stack.url, webtask)
    desk.open()
    return desk


def path_of(page: Page) -> Locator:
    return page.get_by_label("Path and query")


def answered(desk: Desk) -> dict[str, str]:
    expect(desk.page.get_by_test_id("status")).to_have_text("200 OK")
    told: dict[str, str] = json.loads(desk.page.get_by_test_id("body").inner_text())
    return told


def test_a_curl_command_fills_the_form_and_can_be_undone(echo: Desk, stack: Stack, owner: Member):
    page = echo.page
    path_of(page).fill("/mine")
    command = (
        f"curl -sX PUT 'http://{stack.team_host}/{echo.webtask}/a?b=1' \\\n"
        "  -H 'Authorization: Bearer not-a-webtask-token' --json '{\"it\": \"is\"}' -F file=@x | jq ."
    )
    page.evaluate("text => navigator.clipboard.writeText(text)", command)
    path_of(page).focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+V")
    expect(path_of(page)).to_have_value("/a?b=1")
    expect(page.get_by_test_id("filled").get_by_role("listitem")).to_have_text(
        ["-F file=@x", "what follows the command: | jq ."]
    )

    page.get_by_role("region", name="Run").get_by_role("button", name="Run", exact=True).click()
    assert answered(echo) == {
        "method": "PUT",
        "url": f"/api/run/acme/{echo.webtask}/a?b=1",
        "type": "application/json",
        "as": "Bearer not-a-webtask-token",
        "body": '{"it": "is"}',
    }
    # Which code answered: what is live, by its number and the beginning of its digest.
    live = owner.api("GET", f"/{echo.webtask}").json()["live"]
    expect(page.get_by_test_id("code")).to_have_text(f"v{live['number']}{live['digest'][:8]}")
    page.locator("summary").filter(has_text="Time").click()
    expect(page.get_by_test_id("times").get_by_role("definition")).to_contain_text(
        [
            "in all",
            "from the console",
            "asked what to run",
            "for a place",
            "a worker",
            "your code",
            "the rest",
        ]
    )

    page.get_by_role("button", name="Undo").click()
    expect(path_of(page)).to_have_value("/mine")
    expect(page.get_by_label("Method")).to_have_value("GET")

    # What cannot be read is shown with the reason, to be mended there.
    page.evaluate('navigator.clipboard.writeText("curl -H \'a")')
    path_of(page).focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_label("A curl command")).to_have_value("curl -H 'a")
    expect(page.get_by_text("A quote is not closed.")).to_be_visible()


def test_rows_and_saved_requests_stay_and_a_token_does_not(echo: Desk):
    page = echo.page
    path_of(page).fill("/x?a=1")
    page.locator("summary").filter(has_text="Query").click()
    page.get_by_role("button", name="Add a parameter").click()
    page.keyboard.type("who")
    page.keyboard.press("Tab")
    page.keyboard.type("Zoë & co")
    expect(path_of(page)).to_have_value("/x?a=1&who=Zoë %26 co")
    page.get_by_role("button", name="Remove a", exact=True).click()
    expect(path_of(page)).to_have_value("/x?who=Zoë %26 co")
    path_of(page).fill("/x?who=Ada")
    expect(page.get_by_label("Value of who")).to_have_value("Ada")

    page.locator("summary").filter(has_text=re.compile("^As")).click()
    page.get_by_label("Token to run as").fill("only-here")
    page.get_by_role("button", name="Saved requests").click()
    saved = page.get_by_role("region", name="Saved requests")
    saved.get_by_label("Name for this request").fill("Ada")
    saved.get_by_role("button", name="Save", exact=True).click()
    expect(saved.get_by_role("listitem")).to_contain_text(["GET /x?who=Ada"])
    path_of(page).fill("/y")
    echo.run()
    assert answered(echo)["as"] == "Bearer only-here"
    assert "only-here" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")

    echo.open()
    expect(path_of(page)).to_have_value("/y")
    expect(page.get_by_label("Token to run as")).to_have_value("")
    page.get_by_role("button", name="Saved requests").click()
    saved.get_by_role("button", name="Ada GET").click()
    expect(path_of(page)).to_have_value("/x?who=Ada")
    saved.get_by_role("button", name="Rename Ada").click()
    saved.get_by_label("New name of Ada").fill("Lovelace")
    page.keyboard.press("Enter")
    saved.get_by_role("button", name="Delete Lovelace").click()
    expect(saved.get_by_role("listitem")).to_have_count(0)
    saved.get_by_role("button", name="Undo").click()
    expect(saved.get_by_role("listitem")).to_contain_text(["Lovelace"])


def test_a_stop_says_what_it_did_and_the_draft_is_named_by_its_hash(echo: Desk, owner: Member):
    page = echo.page
    path_of(page).fill("/?wait=1")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_test_id("stopped")).to_contain_text("may still run to its end")
    path_of(page).fill("/")
    echo.write(ECHO + "// A draft\n")
    echo.run()
    expect(page.get_by_test_id("stopped")).to_be_hidden()
    expect(page.get_by_test_id("code")).to_have_text(re.compile(r"^draft[0-9a-f]{8}$"))
    etag = owner.api("GET", f"/{echo.webtask}").json()["draft"]["etag"]
    expect(page.get_by_test_id("code")).to_contain_text(etag[:8])
