"""Everything by keyboard: the palette, the sheet of keys, and the whole way from a new webtask to its restoration."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, StorageState, expect

from tests.browser.desk import Desk, show
from tests.browser.test_accessibility import AXE, violations
from tests.stack import Member, Stack

SECOND = 'module.exports = (cb) => cb(null, "second");'


def field(page: Page, name: str = "Find a command") -> Locator:
    return page.get_by_role("combobox", name=name)


def options(page: Page, **named: Any) -> Locator:
    return page.get_by_role("listbox", name="Found").get_by_role("option", **named)


def choose(page: Page, typed: str) -> None:
    """By the palette."""
    page.keyboard.press("Control+K")
    expect(field(page)).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(field(page)).to_be_hidden()


@pytest.fixture
def held_up(page: Page, stack: Stack, webtask: str) -> Callable[[], None]:
    """A workspace, the focus in its editor, whose overlays are on their way until this is called."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/assets/views-*.js", hold)
    desk = Desk(page, stack.url, webtask)
    desk.open()
    page.locator(".monaco-editor .view-lines").first.click()

    def let_go() -> None:
        for route in held:
            route.continue_()

    return let_go


def test_what_is_typed_before_the_palette_is_there_is_meant_for_it(held_up: Callable[[], None], page: Page):
    page.keyboard.press("Control+K")
    page.keyboard.type("keyboarf")
    page.keyboard.press("Backspace")
    page.keyboard.type("d")
    held_up()
    expect(field(page)).to_have_value("keyboard")
    expect(page.get_by_test_id("state")).to_have_text("Saved")


def test_enter_before_the_palette_is_there_is_meant_for_it(held_up: Callable[[], None], page: Page):
    page.keyboard.press("Control+K")
    page.keyboard.type("keyboard sh")
    page.keyboard.press("Enter")
    held_up()
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect(page.get_by_test_id("state")).to_have_text("Saved")


def test_a_message_and_enter_before_the_publish_dialog_is_there_are_meant_for_it(
    held_up: Callable[[], None], page: Page, stack: Stack, webtask: str
):
    desk = Desk(page, stack.url, webtask)
    desk.write(SECOND)
    page.keyboard.press("Control+Shift+Enter")
    page.keyboard.type("In a hurry")
    page.keyboard.press("Enter")
    held_up()
    expect(desk.live).to_have_text("v2 live")
    expect(desk.versions().first).to_contain_text("In a hurry")


def test_new_run_publish_restore_by_keyboard_alone(page: Page, stack: Stack):
    page.goto(f"{stack.url}/t/acme")
    name = page.get_by_label("New webtask")
    for _ in range(60):
        if name.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("by-keyboard")
    page.keyboard.press("Enter")
    desk = Desk(page, stack.url, "by-keyboard")
    expect(page).to_have_url(desk.path)
    desk.lines.first.wait_for()

    page.keyboard.press("Control+Enter")
    desk.answer.wait_for()
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_label("What changed")).to_be_focused()
    page.keyboard.type("The first")
    page.keyboard.press("Enter")
    expect(desk.live).to_have_text("v1 live")
    first = httpx.get(f"{stack.url}/api/run/acme/by-keyboard").text

    editor = page.locator(".monaco-editor .native-edit-context, .monaco-editor textarea").first
    for _ in range(10):
        if editor.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("F6")
    page.keyboard.press("Control+A")
    page.evaluate("text => navigator.clipboard.writeText(text)", SECOND)
    page.keyboard.press("Control+V")
    choose(page, "publish")
    page.keyboard.press("Enter")
    expect(desk.live).to_have_text("v2 live")
    assert httpx.get(f"{stack.url}/api/run/acme/by-keyboard").text == '"second"'

    choose(page, "v1 the first")
    expect(page).to_have_url(re.compile(r"version=1$"))
    restore = page.get_by_role("group", name="Version 1").get_by_role("button", name="Restore")
    restore.wait_for()
    for _ in range(60):
        if restore.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(desk.live).to_have_text("v3 live")
    assert httpx.get(f"{stack.url}/api/run/acme/by-keyboard").text == first


def test_the_palette_gives_the_focus_back(desk: Desk, page: Page):
    desk.lines.first.click()
    before = page.evaluate("document.activeElement.className")
    for key in ("Control+K", "F1"):
        page.keyboard.press(key)
        expect(field(page)).to_be_focused()
        page.keyboard.type("vers")
        expect(options(page).first).to_have_text(re.compile("^Versions"))
        expect(options(page, selected=True)).to_have_count(1)
        page.keyboard.press("Escape")
        expect(field(page)).to_be_hidden()
        page.wait_for_function("before => document.activeElement.className === before", arg=before)
    page.get_by_role("button", name="Commands").click()
    page.keyboard.type("nothing is called that")
    expect(options(page)).to_have_count(0)
    expect(page.get_by_text("Nothing is called")).to_be_visible()


def test_control_p_opens_another_webtask_of_the_team(desk: Desk, page: Page, owner: Member):
    owner.publish("elsewhere", SECOND, "The first")
    desk.lines.first.click()
    page.keyboard.press("Control+P")
    expect(field(page, "Find a file or webtask")).to_be_focused()
    page.keyboard.type("elsewh")
    expect(options(page, name="elsewhere", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/t/acme/elsewhere$"))


def test_the_sheet_opens_by_a_key_alone_until_that_is_switched_off(desk: Desk, page: Page):
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    desk.lines.first.click()
    page.keyboard.type("?")  # in the code it is a letter
    expect(desk.lines.filter(has_text="?").first).to_be_visible()
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Commands").focus()
    page.keyboard.press("?")
    expect(sheet.get_by_text("Ctrl+Shift+Enter")).to_be_visible()
    sheet.get_by_label("opens this").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    choose(page, "keyboard short")
    sheet.get_by_label("opens this").check()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(sheet).to_be_visible()


def test_keys_of_views_and_of_the_last_request(desk: Desk, page: Page):
    desk.lines.first.click()
    page.keyboard.press("Control+Shift+KeyL")
    expect(page).to_have_url(re.compile(r"\?view=logs$"))
    page.keyboard.press("Control+Shift+KeyD")
    expect(page).to_have_url(re.compile(r"\?view=changes$"))
    show(page, "Code")
    path = page.get_by_label("Path and query")
    path.fill("/?n=7")
    desk.run()
    path.fill("/?n=8")
    page.keyboard.press("Control+Alt+KeyR")
    expect(desk.log.filter(has_text="first 7")).to_have_count(2)


def test_the_contrast_theme_is_clean_and_reaches_the_editor(desk: Desk, page: Page, stack: Stack):
    desk.lines.first.wait_for()
    choose(page, "theme contrast")
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    expect(
        page.locator(".monaco-editor.hc-light, .monaco-editor .hc-light, .hc-light").first
    ).to_be_attached()
    page.reload()
    desk.lines.first.wait_for()
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    page.emulate_media(reduced_motion="reduce")
    page.context.add_init_script(path=AXE)
    page.reload()
    desk.lines.first.wait_for()
    found = {"workspace": violations(page)}
    page.keyboard.press("Control+K")
    options(page).first.wait_for()
    found["commands"] = violations(page)
    page.goto(f"{stack.url}/account")
    expect(page.get_by_label("Theme", exact=True)).to_have_value("contrast")
    found["account"] = violations(page)
    page.context.clear_cookies(name="webtasks_theme")
    assert found == {name: [] for name in found}


def test_nothing_reaches_beyond_the_window(desk: Desk, page: Page):
    desk.lines.first.wait_for()
    assert page.evaluate("document.body.scrollWidth") == 1280


BOXES = """selectors => selectors.map(one => {
  const { x, y, width, height } = document.querySelector(one).getBoundingClientRect();
  return [x, y, width, height];
})"""


def printed(browser: Browser, desk: Desk, state: StorageState) -> list[list[float]]:
    """What the server draws, before any script."""
    bare = browser.new_context(
        storage_state=state, java_script_enabled=False, viewport={"width": 1280, "height": 800}
    )
    page = bare.new_page()
    page.goto(desk.path)
    names = ["header", "pre.wt-code", ".wt-side", ".wt-drawer", "footer"]
    boxes = [page.locator(name).bounding_box() for name in names]
    bare.close()
    return [[box["x"], box["y"], box["width"], box["height"]] for box in boxes if box]


def test_what_the_server_draws_stays_where_it_is(desk: Desk, page: Page, browser: Browser):
    """Also as somebody left it: the names of the views folded, the logs lower."""
    for left in (False, True):
        if left:
            page.keyboard.press("Control+B")
            page.get_by_role("separator", name="Height of the logs").press("ArrowDown")
            page.reload()
        desk.lines.first.wait_for()
        drawn = page.evaluate(BOXES, ["header", "section.code", "#wt-side", "#wt-logs", "footer"])
        header, code, (x, y, width, height), (left_edge, top, broad, high), footer = printed(
            browser, desk, page.context.storage_state()
        )
        # The splitters' lines are there the panes' own.
        side, logs = [x + 1, y, width - 1, height], [left_edge, top + 1, broad, high - 1]
        assert [header, code, side, logs, footer] == drawn
    page.context.clear_cookies(name="webtasks_layout")
