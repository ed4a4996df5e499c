"""A token in a browser: chosen, shown once, copied, used, revoked, and told of in the audit trail."""

import httpx
from playwright.sync_api import Page, expect

from tests.stack import Stack


def test_a_token_from_its_issue_to_its_end(page: Page, stack: Stack):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{stack.url}/t/acme/@tokens")
    if not page.get_by_label("Name", exact=True).is_visible():
        page.locator("summary").filter(has_text="Issue a token").click()
    page.get_by_label("Name", exact=True).fill("from a browser")
    scope = page.get_by_label("see that a webtask is there")
    expect(scope).to_be_visible()
    page.get_by_label("all that I may now").check()
    expect(scope).to_be_hidden()
    page.get_by_label("only what I choose").check()
    scope.check()
    page.get_by_role("button", name="Issue", exact=True).click()

    page.get_by_role("button", name="Copy the token").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    secret = page.evaluate("navigator.clipboard.readText()")
    assert secret == page.locator("#wt-secret").inner_text()
    api, shown = f"{stack.url}/api/teams/acme/webtasks", {"authorization": f"Bearer {secret}"}
    assert httpx.get(api, headers=shown).status_code == 200

    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text(secret)).to_have_count(0)
    page.get_by_role("link", name="Revoke from a browser").click()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("status")).to_have_text("“from a browser” is revoked.")
    assert httpx.get(api, headers=shown).status_code == 401

    page.get_by_role("link", name="Audit").click()
    event = page.get_by_role("listitem").filter(has_text="revoked the token “from a browser”")
    event.locator("summary").click()
    expect(event.get_by_role("row").filter(has_text="name")).to_contain_text("from a browser")
