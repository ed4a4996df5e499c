"""What belongs to a webtask beside its code, each in a view of its own: storage, schedule, modules."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk, show
from tests.modules.registry import Registry
from tests.stack import Member


def opened(page: Page, view: str) -> Locator:
    show(page, view)
    return page.get_by_role("region", name=view)


def stored(owner: Member, webtask: str) -> object:
    text = owner.api("GET", f"/{webtask}/storage").json()["data"]
    return None if text is None else json.loads(text)


def test_a_document_is_written_imported_downloaded_and_emptied(
    desk: Desk, page: Page, owner: Member, webtask: str, tmp_path: Path
):
    panel = opened(page, "Storage")
    panel.get_by_role("button", name="Begin with an example").click()
    text = panel.get_by_label("The document, as JSON")
    text.fill("{visits: 1}")
    expect(panel.get_by_text("Not JSON yet")).to_be_visible()
    expect(panel.get_by_role("button", name="Save")).to_be_disabled()
    text.fill('{"visits": 1}')
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("Stored", exact=True)).to_be_visible()
    assert stored(owner, webtask) == {"visits": 1}
    file = tmp_path / "import.json"
    file.write_text('{"visits": 12345678901234567890}')
    panel.get_by_label("A JSON file").set_input_files(file)
    # What is half done is still there after a look at the code.
    show(page, "Code")
    panel = opened(page, "Storage")
    expect(panel.get_by_text("Not saved yet")).to_be_visible()
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("Stored", exact=True)).to_be_visible()
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download").click()
    assert download.value.path().read_text() == '{"visits":12345678901234567890}'
    panel.get_by_role("button", name="Empty it").click()
    assert stored(owner, webtask) is not None
    panel.get_by_role("button", name="Empty", exact=True).click()
    expect(panel.get_by_text("Nothing is stored yet.")).to_be_visible()
    assert stored(owner, webtask) is None


def test_of_what_was_stored_meanwhile_both_are_shown(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints
):
    complaints.expect("status of 409")
    owner.api("PUT", f"/{webtask}/storage", json={"data": '{"by":"first"}'})
    panel = opened(page, "Storage")
    text = panel.get_by_label("The document, as JSON")
    expect(text).to_have_value(re.compile("first"))
    owner.api("PUT", f"/{webtask}/storage", json={"data": '{"by":"theirs"}'})
    text.fill('{"by":"mine"}')
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_label("What is there now")).to_contain_text("theirs")
    assert stored(owner, webtask) == {"by": "theirs"}
    panel.get_by_role("button", name="Write mine over it").click()
    expect(panel.get_by_text("Stored", exact=True)).to_be_visible()
    assert stored(owner, webtask) == {"by": "mine"}
    owner.api("PUT", f"/{webtask}/storage", json={"data": '{"by":"theirs again"}'})
    text.fill('{"by":"mine again"}')
    panel.get_by_role("button", name="Save").click()
    panel.get_by_role("button", name="Take theirs").click()
    expect(text).to_have_value(re.compile("theirs again"))
    assert stored(owner, webtask) == {"by": "theirs again"}
    panel.get_by_role("button", name="Undo").click()
    expect(text).to_have_value('{"by":"mine again"}')
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("Stored", exact=True)).to_be_visible()
    assert stored(owner, webtask) == {"by": "mine again"}


def test_a_document_that_is_not_saved_is_not_left_without_a_question(desk: Desk, page: Page):
    panel = opened(page, "Storage")
    panel.get_by_role("button", name="Begin with an example").click()
    expect(panel.get_by_text("Not saved yet")).to_be_visible()
    show(page, "Code")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    panel = opened(page, "Storage")
    expect(panel.get_by_text("Not saved yet")).to_be_visible()


def test_a_schedule_is_added_changed_paused_and_deleted(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints
):
    complaints.expect("status of 400")
    panel = opened(page, "Schedule")
    panel.get_by_role("button", name="Add a schedule").click()
    panel.get_by_label("Name").fill("at-nine")
    panel.get_by_label("When").fill("nine o'clock")
    panel.get_by_role("button", name="Add schedule").click()
    expect(panel.get_by_role("alert")).to_contain_text("is no schedule")
    panel.get_by_label("When").fill("0 9 * * MON-FRI")
    expect(panel.get_by_text("Monday to Friday at 09:00").first).to_be_visible()
    panel.get_by_label("Time zone").fill("Asia/Tokyo")
    panel.get_by_role("button", name="Add schedule").click()
    row = panel.get_by_role("listitem", name="at-nine")
    expect(row.get_by_role("list", name="Next runs").get_by_text(re.compile(r", 09:00$"))).to_have_count(5)
    panel.get_by_label("Times in").select_option("UTC")
    expect(row.get_by_role("list", name="Next runs").get_by_text(re.compile(r", 00:00$"))).to_have_count(5)
    row.locator("summary").click()
    expect(row.get_by_text("It has not been called yet.")).to_be_visible()

    panel.get_by_role("button", name="Pause at-nine").click()
    expect(row.get_by_text("Paused", exact=True)).to_be_visible()
    expect(row.get_by_role("list", name="Next runs")).to_have_count(0)
    panel.get_by_role("button", name="Edit at-nine").click()
    row.get_by_label("When").fill("*/5 * * * *")
    row.get_by_role("button", name="Save").click()
    # The form tells the words before it is saved, and goes when it is.
    expect(row.get_by_label("When")).to_have_count(0)
    expect(row.get_by_text("Every 5 minutes")).to_be_visible()
    [known] = owner.api("GET", f"/{webtask}/schedules").json()
    assert (known["schedule"], known["tz"], known["state"]) == ("*/5 * * * *", "Asia/Tokyo", "inactive")

    panel.get_by_role("button", name="Delete at-nine").click()
    panel.get_by_role("button", name="Keep it").click()
    panel.get_by_role("button", name="Delete at-nine").click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(panel.get_by_text("It runs only when it is called.")).to_be_visible()
    assert owner.api("GET", f"/{webtask}/schedules").json() == []


def test_a_module_is_added_installed_and_removed(
    desk: Desk, page: Page, owner: Member, webtask: str, registry: Registry
):
    registry.publish("of-the-view", "1.2.0")
    panel = opened(page, "Modules")
    panel.get_by_label("Package").fill("npm i of-the-view@1.x")
    panel.get_by_role("button", name="Add", exact=True).click()
    row = panel.get_by_role("list", name="Modules", exact=True).get_by_role("listitem")
    expect(panel.get_by_test_id("install")).to_have_attribute("data-state", "available")
    expect(row).to_contain_text("1.2.0")
    expect(row).to_contain_text("asked for as 1.x")
    asks = panel.get_by_role("button", name="Remove of-the-view")
    asks.press("Enter")
    panel.get_by_role("button", name="Keep it").press("Enter")
    expect(asks).to_be_focused()
    asks.click()
    row.get_by_role("button", name="Remove", exact=True).click()
    expect(panel.get_by_text("It has none of its own.")).to_be_visible()


def test_a_package_that_is_not_there_is_told_with_what_npm_says(desk: Desk, page: Page):
    panel = opened(page, "Modules")
    panel.get_by_label("Package").fill("nobody-has-this")
    panel.get_by_role("button", name="Add", exact=True).click()
    expect(panel.get_by_test_id("install")).to_have_attribute("data-state", "failed")
    expect(panel.get_by_test_id("install")).to_contain_text("nobody-has-this")


@pytest.mark.parametrize("view", ["secrets", "storage", "schedule", "modules"])
def test_each_has_an_address_and_a_title(page: Page, owner: Member, stack, webtask: str, view: str):
    page.goto(f"{stack.url}/t/acme/{webtask}?view={view}")
    region = page.get_by_role("region", name=view.capitalize())
    expect(region.get_by_role("heading", name=view.capitalize())).to_be_visible()
    expect(page).to_have_title(f"{view.capitalize()} · {webtask} · acme · Webtasks")
    show(page, "Code")
    expect(page).to_have_title(f"{webtask} · acme · Webtasks")
    page.go_back()
    expect(page).to_have_title(f"{view.capitalize()} · {webtask} · acme · Webtasks")
