"""The focus stays where the work is: a control that goes gives it to the one that stands for it."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


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
