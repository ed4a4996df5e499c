"""Secrets set in the workspace: seen while they are typed, and never again."""

import json
import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.stack import Member, Stack

VALUE = "s3cret-value-of-the-test"
SHOWS = "module.exports = (ctx, cb) => { console.log('it is', ctx.secrets.KEY); cb(null, ctx.secrets); };"


@pytest.fixture
def panel(desk: Desk, page: Page) -> Locator:
    return opened(page)


def opened(page: Page) -> Locator:
    page.get_by_role("button", name="Secrets").click()
    panel = page.get_by_role("region", name="Secrets")
    panel.get_by_text("There are none yet.").or_(panel.get_by_role("list", name="Secrets")).wait_for()
    return panel


def add(panel: Locator, name: str, value: str) -> None:
    panel.get_by_label("Name", exact=True).fill(name)
    panel.get_by_label("Value", exact=True).fill(value)
    panel.get_by_role("button", name="Add secret").click()
    expect(panel.get_by_role("list", name="Secrets")).to_contain_text(name)


def nowhere(page: Page, value: str = VALUE) -> None:
    """Neither in the document, nor in a field, nor in what the page keeps."""
    assert value not in page.content()
    fields = "[...document.querySelectorAll('input, textarea')].map((field) => field.value).join('\\n')"
    kept = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"
    assert value not in page.evaluate(f"{fields} + {kept}")


def test_a_value_is_never_shown_once_it_is_set(
    panel: Locator, page: Page, stack: Stack, owner: Member, webtask: str
):
    with page.expect_response("**/secrets") as answered:
        add(panel, "KEY", VALUE)
    assert VALUE not in answered.value.text()
    expect(panel.get_by_text("Set, and in force")).to_be_visible()
    nowhere(page)
    owner.publish(webtask, SHOWS)
    assert httpx.get(f"{stack.url}/api/run/acme/{webtask}").json() == {"KEY": VALUE}
    page.reload()
    panel = opened(page)
    expect(panel.get_by_role("list", name="Secrets")).to_contain_text(re.compile("KEY.*changed just now"))
    nowhere(page)
    page.get_by_role("button", name="Logs", exact=True).click()
    expect(page.get_by_test_id("log-line").filter(has_text="it is [secret KEY]").first).to_be_visible()
    nowhere(page)


def test_one_is_replaced_and_deleted(panel: Locator, page: Page, stack: Stack, owner: Member, webtask: str):
    owner.publish(webtask, SHOWS)
    add(panel, "KEY", VALUE)
    panel.get_by_role("button", name="Replace KEY").click()
    panel.get_by_label("New value of KEY").fill("another-value")
    panel.get_by_role("button", name="Replace", exact=True).click()
    expect(panel.get_by_text("Set, and in force")).to_be_visible()
    nowhere(page, "another-value")
    assert httpx.get(f"{stack.url}/api/run/acme/{webtask}").json() == {"KEY": "another-value"}
    panel.get_by_role("button", name="Delete KEY").click()
    panel.get_by_role("button", name="Keep it").click()
    panel.get_by_role("button", name="Delete KEY").click()
    panel.get_by_role("button", name="Delete", exact=True).click()
    expect(panel.get_by_text("There are none yet.")).to_be_visible()
    assert httpx.get(f"{stack.url}/api/run/acme/{webtask}").json() == {}


def test_a_pasted_file_sets_them_all_and_says_which_line_is_wrong(
    panel: Locator, page: Page, stack: Stack, owner: Member, webtask: str
):
    owner.publish(webtask, SHOWS)
    add(panel, "KEY", VALUE)
    page.evaluate(
        "text => navigator.clipboard.writeText(text)", f"# all\nexport KEY='{VALUE}-2'\nbroken\nPIN=1234\n"
    )
    panel.get_by_label("Name", exact=True).click()
    page.keyboard.press("Control+V")
    file = panel.get_by_label("A .env file")
    expect(file).to_have_value(re.compile("broken"))
    expect(panel.get_by_text("Line 3: there is no = after a name.")).to_be_visible()
    expect(panel.get_by_role("button", name="Set 2 secrets")).to_be_disabled()
    file.fill(f"export KEY='{VALUE}-2'\nPIN=1234\n")
    expect(panel.get_by_text("New: PIN")).to_be_visible()
    expect(panel.get_by_text("Replaced: KEY")).to_be_visible()
    panel.get_by_role("button", name="Set 2 secrets").click()
    expect(panel.get_by_text("2 set, and in force")).to_be_visible()
    expect(panel.get_by_text("PIN: too short or too common to be hidden.")).to_be_visible()
    nowhere(page)
    assert httpx.get(f"{stack.url}/api/run/acme/{webtask}").json() == {"KEY": f"{VALUE}-2", "PIN": "1234"}


def test_a_refusal_is_told_and_what_was_typed_stays(panel: Locator, page: Page, complaints):
    complaints.expect("status of 400")
    panel.get_by_label("Name", exact=True).fill("KEY")
    panel.get_by_label("Value", exact=True).fill("x" * 16_385)
    panel.get_by_role("button", name="Add secret").click()
    expect(panel.get_by_role("alert")).to_be_visible()
    expect(panel.get_by_label("Value", exact=True)).to_have_value("x" * 16_385)
    assert json.dumps("x") not in panel.get_by_role("alert").inner_text()
