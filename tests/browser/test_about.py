"""What a webtask is for: said in its settings, read and filtered by in the team's list, with JavaScript or without."""

import re

from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.desk import Desk, show
from tests.stack import Member, Stack


def test_it_is_described_and_found_by_that(desk: Desk, page: Page, stack: Stack, owner: Member, webtask: str):
    show(page, "Settings")
    panel = page.get_by_role("region", name="Settings")
    panel.get_by_label("Description").fill("Grüßt, wer kommt")
    tags = panel.get_by_label("Tags")
    save = panel.get_by_role("button", name="Save description")
    tags.fill("fine größe")
    expect(panel.get_by_text("“größe” is no tag")).to_be_visible()
    expect(tags).to_have_attribute("aria-invalid", "true")
    expect(save).to_be_disabled()
    tags.fill("Greetings, #cron")
    save.click()
    expect(panel.get_by_text("Saved", exact=True)).to_be_visible()
    expect(tags).to_have_value("cron greetings")
    told = owner.api("GET", f"/{webtask}").json()
    assert (told["description"], told["tags"]) == ("Grüßt, wer kommt", ["cron", "greetings"])
    page.reload()
    show(page, "Settings")
    expect(panel.get_by_label("Description")).to_have_value("Grüßt, wer kommt")

    page.goto(f"{stack.url}/t/acme?sort=published")
    row = page.get_by_role("row").filter(has_text=webtask)
    expect(row).to_contain_text("Grüßt, wer kommt")
    row.get_by_role("link", name="Tag greetings").click()
    expect(page).to_have_url(re.compile(r"\?tag=greetings&sort=published$"))
    expect(page.get_by_role("checkbox")).to_have_count(1)


def test_refused_what_was_typed_stays(desk: Desk, page: Page, complaints):
    complaints.expect("status of 400")
    show(page, "Settings")
    panel = page.get_by_role("region", name="Settings")
    description = panel.get_by_label("Description")
    description.fill("left \u202e right")
    panel.get_by_role("button", name="Save description").click()
    expect(panel.get_by_role("alert")).to_contain_text("character 6 (U+202E) cannot be in it")
    expect(description).to_have_value("left \u202e right")


def test_without_javascript_tag_and_search_go_together(
    browser: Browser, session_state: StorageState, stack: Stack, owner: Member, webtask: str
):
    others = ("plain-one", "plain-two")
    for name in others:
        owner.publish(name, "module.exports = cb => cb()")
    for name, description in ((webtask, "Pays invoices"), (others[0], "Sends mail")):
        sent = {"description": description, "tags": ["money"]}
        assert owner.api("PATCH", f"/{name}", json=sent).status_code == 200
    with browser.new_context(storage_state=session_state, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{stack.url}/t/acme?tag=money")
        expect(page.get_by_role("checkbox")).to_have_count(2)
        page.get_by_role("searchbox").fill("INVOICES")
        page.get_by_role("button", name="Find").click()
        expect(page).to_have_url(re.compile(r"q=INVOICES&tag=money"))
        expect(page.get_by_role("checkbox")).to_have_count(1)
        page.get_by_role("searchbox").fill("nothing")
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_role("heading", level=2)).to_have_text(
            "No webtask with the tag “money” has “nothing” in its name or description"
        )
        page.get_by_role("searchbox").fill("plain")
        page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name="money : leave it out").click()
        expect(page.get_by_role("checkbox")).to_have_count(2)
        expect(page.get_by_role("link", name="Tag money")).to_have_count(1)
