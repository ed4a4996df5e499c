"""A phone: everything but comfortable authoring works at 360 pixels, and nothing needs sideways scrolling."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.desk import Desk
from tests.stack import Member, Stack

WINDOW = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("path", ["/", "/signin", "/nowhere", "/templates", "/templates/short-links"])
def test_pages_fit(path: str, signed_out: BrowserContext, stack: Stack, complaints):
    complaints.expect("status of 404")
    page = signed_out.new_page()
    page.goto(stack.url + path)
    assert fits(page)


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("/t/acme", "New webtask"),
        ("/templates/slack-command", "Name of your webtask"),
        ("/t/acme/@settings", "Wall time"),
        ("/t/acme/@tokens", "Tokens of"),
        ("/t/acme/@audit", "Find"),
        ("/account/activity", "Activity"),
        ("/system/isolation", "Probe again"),
    ],
)
def test_the_pages_of_who_is_signed_in_fit(path: str, sign: str, page: Page, stack: Stack):
    page.goto(stack.url + path)
    shown = page.get_by_label(sign).or_(page.get_by_role("button", name=sign))
    shown.or_(page.get_by_role("heading", name=sign)).first.wait_for()
    assert fits(page)


def test_files_are_chosen_from_a_list_by_touch(page: Page, stack: Stack, webtask: str):
    desk = Desk(page, stack.url, webtask)
    page.goto(desk.path)
    page.get_by_role("button", name="New file").tap()
    page.get_by_label("Name of the new file").fill("lib/answer.js")
    page.get_by_role("button", name="Create").tap()
    file = page.get_by_label("File", exact=True)
    expect(file).to_have_value("lib/answer.js")
    page.get_by_role("textbox", name=f"Code of acme/{webtask}, file lib/answer.js").fill(
        "module.exports = 42;"
    )
    file.select_option(f"{webtask}.js")
    code = page.get_by_role("textbox", name=f"Code of acme/{webtask}")
    code.fill('module.exports = (cb) => cb(null, require("./lib/answer"));')
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert fits(page)
    page.get_by_role("navigation", name="Views").get_by_role("button", name="Run").tap()
    page.get_by_role("region", name="Run").get_by_role("button", name="Run").tap()
    expect(page.get_by_test_id("body")).to_have_text("42")


def test_edit_run_log_and_restore_by_touch(page: Page, stack: Stack, webtask: str):
    desk = Desk(page, stack.url, webtask)
    page.goto(desk.path)
    views = page.get_by_role("navigation", name="Views")
    assert fits(page)

    # Monaco does not support touch: a plain text area, with the full editor one tap away.
    area = page.get_by_role("textbox", name=f"Code of acme/{webtask}")
    area.fill("module.exports = (cb) => { console.log('tapped'); cb(null, 'by touch'); };")
    expect(desk.state).to_have_text(re.compile("Draft saved"))

    views.get_by_role("button", name="Run").tap()
    page.get_by_role("region", name="Run").get_by_role("button", name="Run").tap()
    expect(page.get_by_test_id("body")).to_have_text('"by touch"')
    assert fits(page)

    views.get_by_role("button", name="Logs").tap()
    expect(desk.log.filter(has_text="tapped")).to_be_visible()
    assert fits(page)

    views.get_by_role("button", name="More").tap()
    views.get_by_role("button", name="Settings").tap()
    expect(page.get_by_label("Wall time")).to_be_visible()
    assert fits(page)

    views.get_by_role("button", name="Settings").tap()
    views.get_by_role("button", name="Versions").tap()
    page.get_by_role("button", name="View v1").tap()
    desk.lines.first.wait_for()
    page.get_by_role("button", name="All versions").tap()
    expect(page.get_by_test_id("version")).to_have_count(1)
    views.get_by_role("button", name="Code").tap()
    expect(area).to_be_visible()


@pytest.mark.parametrize("width", [360, 1180], ids=["behind", "beside"])
def test_what_is_published_elsewhere_is_not_typed_into_the_field_with_the_focus(
    page: Page, stack: Stack, owner: Member, webtask: str, width: int
):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(Desk(page, stack.url, webtask).path)
    area = page.get_by_label(f"Code of acme/{webtask}", exact=True)
    expect(area).to_have_value(re.compile("first"))
    if width == 360:
        page.get_by_role("navigation", name="Views").get_by_role("button", name="Run").tap()
    path = page.get_by_label("Path and query")
    path.tap()
    path.fill("")
    page.keyboard.type("/half")
    code = "module.exports = (cb) => cb(null, 'from elsewhere');"
    owner.publish(webtask, code)
    expect(area).to_have_value(code)
    expect(path).to_be_focused()
    page.keyboard.type("/typed")
    expect(path).to_have_value("/half/typed")


def test_the_full_editor_is_one_tap_away(page: Page, stack: Stack, webtask: str):
    desk = Desk(page, stack.url, webtask)
    page.goto(desk.path)
    page.get_by_role("textbox", name=f"Code of acme/{webtask}").fill("module.exports = (cb) => cb();")
    page.get_by_label("Full editor").check()
    expect(desk.lines.first).to_contain_text("(cb) => cb()")


def test_targets_are_large_enough_for_a_finger(page: Page, stack: Stack, webtask: str):
    page.goto(f"{stack.url}/t/acme/{webtask}")
    for button in page.get_by_role("navigation", name="Views").get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44
