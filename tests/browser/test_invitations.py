"""Somebody is invited, signs up, joins, and is refused what the role does not allow; a webtask is shared with another."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import VIOLATIONS, Complaints
from tests.browser.desk import Desk
from tests.browser.letters import Letters, code_in, link_in
from tests.stack import Stack

PASSWORD = "three words that do not belong"


@pytest.fixture
def letters(stack: Stack) -> Letters:
    return Letters(stack.log)


@pytest.fixture
def newcomer(browser: Browser, complaints: Complaints) -> Iterator[Callable[[], Page]]:
    """A page in a browser of their own."""
    contexts: list[BrowserContext] = []

    def newcomer() -> Page:
        context = browser.new_context()
        context.add_init_script(VIOLATIONS)
        complaints.watch(context)
        contexts.append(context)
        return context.new_page()

    yield newcomer
    for context in contexts:
        context.close()


def sign_up(page: Page, address: str, letters: Letters) -> None:
    """On the page to make an account."""
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(code_in(letters.to(address)))
    page.get_by_role("button", name="Go on").click()


def test_invite_sign_up_accept_and_be_refused_by_role(
    page: Page, newcomer: Callable[[], Page], letters: Letters, stack: Stack, complaints: Complaints
):
    address = "dora@example.com"
    page.goto(f"{stack.url}/t/acme")
    page.get_by_role("link", name="Members").click()
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Role", exact=True).first.select_option("Operator")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("status")).to_contain_text(f"A letter is on its way to {address}")

    dora = newcomer()
    dora.goto(link_in(letters.to(address)))
    expect(dora.get_by_role("main")).to_contain_text(
        f"{stack.email} invites {address} to the team acme, as an operator."
    )
    dora.get_by_role("link", name="Make an account").click()
    expect(dora.get_by_label("E-mail address")).to_have_value(address)
    sign_up(dora, address, letters)
    dora.get_by_role("button", name=f"Join as {address}").click()
    expect(dora).to_have_url(f"{stack.url}/t/acme")
    expect(dora.get_by_role("status")).to_contain_text("Welcome: you are operator of Acme.")

    expect(dora.get_by_label("New webtask")).to_have_count(0)
    dora.get_by_role("link", name="Members").click()
    expect(dora.get_by_role("listitem").filter(has_text="you")).to_contain_text("Operator")
    expect(dora.get_by_role("button", name="Send the invitation")).to_have_count(0)
    complaints.expect("status of 403")
    dora.goto(f"{stack.url}/t/acme/@members/1/remove")
    expect(dora.get_by_role("main")).to_contain_text(
        "You are operator of this team; that does not let you change members' roles and remove them."
    )

    page.goto(f"{stack.url}/t/acme/@members")
    page.get_by_role("link", name=f"Remove {address}").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text(f"{address} belongs to the team no more.")
    complaints.expect("status of 404")
    dora.goto(f"{stack.url}/t/acme")
    expect(dora.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_webtask_is_shared_with_somebody_outside(
    desk: Desk,
    page: Page,
    newcomer: Callable[[], Page],
    letters: Letters,
    stack: Stack,
    complaints: Complaints,
):
    address = f"{desk.webtask[:20].strip('-')}@example.com"
    page.get_by_role("button", name="Share", exact=True).click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("E-mail address").fill(address)
    expect(panel).to_contain_text("edit and run reaches what the code does: the values of its secrets")
    panel.get_by_role("group", name="What they may").get_by_label("view code").uncheck()
    expect(panel.get_by_role("button", name="Share")).to_be_disabled()
    panel.get_by_role("group", name="What they may").get_by_label("run").check()
    panel.get_by_role("button", name="Share").click()
    row = panel.get_by_test_id("collaborator").filter(has_text=address)
    expect(row.get_by_label("run")).to_be_checked()
    expect(row.get_by_label("run")).to_be_disabled()  # the last right: remove instead

    outside = newcomer()
    outside.goto(f"{stack.url}/signup")
    sign_up(outside, address, letters)
    expect(outside.get_by_role("heading", name="Shared with you")).to_be_visible()
    outside.get_by_role("link", name=desk.webtask, exact=True).click()
    views = outside.get_by_role("navigation", name="Views").locator("button:not(.fold)")
    expect(views).to_have_text(["Run", "Schedule", "Settings"])
    expect(outside.get_by_role("button", name="Publish")).to_have_count(0)
    outside.keyboard.press("Control+Enter")
    expect(outside.get_by_test_id("status")).to_contain_text("200")
    expect(outside.get_by_test_id("answer")).to_contain_text("first")

    for right in ("view code", "logs"):
        with page.expect_response(re.compile("/collaborators$")):
            row.get_by_label(right).check()
    expect(panel.get_by_text(f"Changed for {address}")).to_be_visible()
    outside.reload()
    expect(views).to_have_text(
        ["Code", "Changes", re.compile("Versions"), "Logs", "Secrets", "Schedule", "Modules", "Settings"]
    )
    expect(outside.get_by_test_id("link")).to_have_text("Live")
    expect(Desk(outside, stack.url, desk.webtask).lines.first).to_be_visible()

    row.get_by_role("button", name=f"Remove {address}").click()
    expect(row).to_have_count(0)
    complaints.expect("status of 404")
    expect(outside.get_by_role("region", name="Logs").get_by_role("alert")).to_be_visible()
    outside.reload()
    expect(outside.get_by_role("heading", name="There is nothing here")).to_be_visible()
