"""The focus stays where the work is: a control that goes gives it to the one that stands for it."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk, show
from tests.stack import Member


def shown(page: Page, view: str) -> Locator:
    show(page, view)
    return page.get_by_role("region", name=view)


def within(panel: Locator) -> Locator:
    """What has the focus there."""
    return panel.locator(":focus")


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def asked_and_kept(panel: Locator, asks: str, deed: str, keep: str = "Keep it") -> None:
    button(panel, asks).press("Enter")
    expect(button(panel, deed)).to_be_focused()
    button(panel, keep).press("Enter")
    expect(button(panel, asks)).to_be_focused()


def test_after_a_publish_it_is_on_the_button_which_says_why_nothing_is_left(desk: Desk, page: Page):
    desk.write("module.exports = (cb) => cb();")
    desk.save()
    publish = button(page.get_by_role("banner"), "Publish")
    publish.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What changed").press("Enter")
    expect(desk.live).to_have_text("v2 live")
    expect(dialog).to_be_hidden()
    expect(publish).to_be_focused()
    button(page.locator("body"), "Close").click()
    publish.press("Enter")
    expect(page.get_by_text("Nothing to publish: this is v2")).to_be_visible()
    expect(publish).to_be_focused()


def test_after_a_publish_beside_the_changes_it_is_beside_them(desk: Desk, page: Page):
    desk.write("module.exports = (cb) => cb();")
    desk.save()
    desk.open("?view=changes")
    panel = page.get_by_role("region", name="Changes")
    panel.get_by_label("What changed").press("Enter")
    expect(panel).to_contain_text("There is no difference.")
    expect(within(panel)).to_have_count(1)


def test_after_a_save_it_is_on_the_button_which_has_nothing_left_to_send(desk: Desk, page: Page):
    desk.open()
    settings = shown(page, "Settings")
    settings.get_by_label("Description").fill("Greets whoever comes")
    save = button(settings, "Save description")
    save.press("Enter")
    expect(settings.get_by_text("Saved", exact=True)).to_be_visible()
    expect(save).to_be_focused()
    expect(save).to_be_disabled()
    secrets = shown(page, "Secrets")
    secrets.get_by_label("Name").fill("KEY")
    secrets.get_by_label("Value").fill("of-a-secret")
    add = button(secrets, "Add secret")
    add.press("Enter")
    expect(button(secrets, "Delete KEY")).to_be_visible()
    expect(add).to_be_focused()
    add.press("Enter")
    expect(secrets.get_by_role("alert")).to_have_count(0)


def test_secrets(desk: Desk, page: Page, owner: Member, webtask: str):
    owner.api("PATCH", f"/{webtask}/secrets", json={"secrets": {"KEY": "of-a-secret", "PIN": "another"}})
    panel = shown(page, "Secrets")
    asked_and_kept(panel, "Delete KEY", "Delete")
    button(panel, "Replace KEY").press("Enter")
    expect(panel.get_by_label("New value of KEY")).to_be_focused()
    page.keyboard.type("changed")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(button(panel, "Replace KEY")).to_be_focused()
    for name in ("KEY", "PIN"):
        button(panel, f"Delete {name}").press("Enter")
        button(panel, "Delete").press("Enter")
        expect(panel.get_by_text(name, exact=True)).to_have_count(0)
        expect(within(panel).or_(panel.and_(page.locator(":focus")))).to_have_count(1)
    button(panel, "Paste a .env").press("Enter")
    expect(panel.get_by_label("A .env file")).to_be_focused()
    button(panel, "Cancel").press("Enter")
    expect(button(panel, "Paste a .env")).to_be_focused()


def test_storage(desk: Desk, page: Page, owner: Member, webtask: str, complaints):
    complaints.expect("status of 409")
    owner.api("PUT", f"/{webtask}/storage", json={"data": "1"})
    panel = shown(page, "Storage")
    asked_and_kept(panel, "Empty it", "Empty")
    text = panel.get_by_label("The document, as JSON")
    owner.api("PUT", f"/{webtask}/storage", json={"data": "2"})
    text.fill("3")
    button(panel, "Save").press("Enter")
    expect(button(panel, "Save")).to_be_focused()
    button(panel, "Take theirs").press("Enter")
    expect(text).to_be_focused()
    button(panel, "Empty it").press("Enter")
    button(panel, "Empty").press("Enter")
    expect(panel.get_by_text("Nothing is stored yet.")).to_be_visible()
    expect(within(panel)).to_have_count(1)


def test_schedules(desk: Desk, page: Page, owner: Member, webtask: str):
    plan = {"name": "hourly", "schedule": "0 * * * *", "tz": "UTC", "state": "inactive"}
    made = owner.api("POST", f"/{webtask}/schedules", json=plan)
    assert made.status_code == 201, made.text
    panel = shown(page, "Schedule")
    asked_and_kept(panel, "Delete hourly", "Delete")
    button(panel, "Edit hourly").press("Enter")
    expect(panel.get_by_label("When")).to_be_focused()
    button(panel, "Cancel").press("Enter")
    expect(button(panel, "Edit hourly")).to_be_focused()
    button(panel, "Add a schedule").press("Enter")
    expect(panel.get_by_label("When")).to_be_focused()
    button(panel, "Cancel").press("Enter")
    expect(button(panel, "Add a schedule")).to_be_focused()


def test_saved_requests(desk: Desk, page: Page):
    run = page.get_by_role("region", name="Run")
    button(run, "Saved requests").click()
    saved = page.get_by_role("region", name="Saved requests")
    saved.get_by_label("Name for this request").fill("Ada")
    page.keyboard.press("Enter")
    button(saved, "Rename Ada").press("Enter")
    expect(saved.get_by_label("New name of Ada")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(saved, "Rename Ada")).to_be_focused()
    page.keyboard.press("Enter")
    saved.get_by_label("New name of Ada").fill("Bob")
    page.keyboard.press("Enter")
    expect(button(saved, "Rename Bob")).to_be_focused()
    button(saved, "Delete Bob").press("Enter")
    expect(button(saved, "Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button(saved, "Delete Bob")).to_be_focused()


def test_the_link_to_the_code(desk: Desk, page: Page):
    page.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog")
    box = dialog.get_by_label("Anyone with the link")
    box.click()
    for asks in ("Take it back", "Make another link"):
        asked_and_kept(dialog, asks, asks)
    button(dialog, "Take it back").press("Enter")
    page.keyboard.press("Enter")
    expect(box).not_to_be_checked()
    expect(box).to_be_focused()
