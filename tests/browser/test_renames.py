"""A file that is renamed keeps what is known of it, and what loads it can follow."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk
from tests.browser.files import ADD, CODE, create, files_of, tab
from tests.stack import Member, Stack

# In one go: Monaco draws a line anew whenever it is marked, and what was found a moment ago may be gone.
TOP = """text => [...document.querySelectorAll(".monaco-editor .view-line")]
  .find((line) => line.textContent.includes(text))?.getBoundingClientRect().top"""


def rename(page: Page, to: str) -> None:
    page.get_by_role("button", name="Rename").click()
    name = page.get_by_label("New name of")
    name.fill(to)
    name.press("Enter")
    expect(tab(page, to)).to_have_attribute("aria-selected", "true")


def test_a_renamed_file_keeps_its_history_its_cursor_and_its_place(desk: Desk, page: Page, owner: Member):
    long = "".join(f"line({n});\n" for n in range(1, 301))
    owner.save(desk.webtask, "module.exports = (cb) => cb();\n", {"lib/add.js": long})
    desk.open()
    tab(page, "lib/add.js").click()
    desk.lines.first.click()
    page.keyboard.press("Control+End")
    for typed in ("//one", "//two", "//three"):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("End")
        page.keyboard.type(typed)
    page.keyboard.press("Control+Z")
    # That the third is not there says nothing before the others are drawn.
    expect(desk.lines.filter(has_text="//")).to_have_count(2)
    top = page.evaluate(TOP, "//two")
    rename(page, "sum.js")
    expect(page.locator(".wt-status")).to_contain_text("Ln 298,")
    page.wait_for_function(f"top => ({TOP})('//two') === top", arg=top)
    expect(desk.lines.filter(has_text="//three")).to_have_count(0)
    page.keyboard.press("Control+Y")
    expect(desk.lines.filter(has_text="//three")).to_have_count(1)
    for left in (2, 1, 0):
        page.keyboard.press("Control+Z")
        expect(desk.lines.filter(has_text="//")).to_have_count(left)
    rename(page, "lib/add.js")
    for left in (1, 2, 3):
        page.keyboard.press("Control+Y")
        expect(desk.lines.filter(has_text="//")).to_have_count(left)
    desk.save()
    files = files_of(owner, desk.webtask)
    assert list(files) == ["lib/add.js"]
    assert "line(298);//three\n" in files["lib/add.js"]


def test_what_loads_a_renamed_file_is_rewritten_when_asked(desk: Desk, page: Page, owner: Member):
    both = {"lib/add.js": 'require("./more");\n' + ADD, "lib/more.js": 'import("./add.js");\n'}
    owner.save(desk.webtask, CODE, both)
    desk.open()
    tab(page, "lib/add.js").click()
    rename(page, "sum.js")
    offer = page.get_by_role("status").filter(has_text="lib/more.js still load lib/add.js.")
    expect(offer).to_contain_text("sum.js still loads other files as from lib.")
    offer.get_by_role("button", name="Rewrite").click()
    expect(page.get_by_text("still load")).to_have_count(0)
    expect(desk.lines.first).to_have_text('require("./lib/more");')
    tab(page, f"{desk.webtask}.js").click()
    expect(desk.lines.first).to_have_text('const add = require("./sum");')
    desk.run()
    expect(page.get_by_test_id("body")).to_contain_text('"sum": 3')
    assert files_of(owner, desk.webtask)["lib/more.js"] == 'import("../sum.js");\n'
    desk.lines.first.click()
    page.keyboard.press("Control+Z")
    expect(desk.lines.first).to_have_text('const add = require("./lib/add");')
    expect(page.get_by_text("still loads lib/add.js")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("still loads lib/add.js")).to_have_count(0)


def test_without_monaco_a_renamed_file_keeps_its_history(
    page: Page, stack: Stack, webtask: str, complaints: Complaints
):
    complaints.expect("ERR_FAILED|did not load")
    page.route(re.compile(r"/monaco-[^/]+\.js$"), lambda route: route.abort())
    page.goto(f"{stack.url}/t/acme/{webtask}")
    expect(page.get_by_text("The full editor did not load")).to_be_visible()
    create(page, "add.js")
    page.get_by_role("textbox", name=re.compile(r"add\.js$")).type("typed")
    rename(page, "sum.js")
    text = page.get_by_role("textbox", name=re.compile(r"sum\.js$"))
    expect(text).to_have_value("typed")
    text.press("Control+Z")
    expect(text).not_to_have_value("typed")
    create(page, "add.js")
    expect(page.get_by_role("textbox", name=re.compile(r"add\.js$"))).to_have_value("")
