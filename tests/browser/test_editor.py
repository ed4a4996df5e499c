"""Monaco knows what a webtask is, and every control can be reached by keyboard."""

import re

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk


def test_completes_the_context_of_plain_javascript(desk: Desk):
    desk.write("module.exports = function (ctx, cb) { ctx.")
    assert desk.completed("body_raw")
    assert desk.completed("headers")


def test_completes_nodes_own_modules(desk: Desk):
    # Node's declarations arrive when the page is idle; until then the list has no such row.
    desk.write('const crypto = require("crypto");\ncrypto.createH')
    assert desk.completed("createHash")


def test_underlines_a_mistake_and_counts_it(desk: Desk, page: Page):
    desk.write("module.exports = function (ctx, cb) {\n  cb(nul, ctx.query);\n};\n")
    expect(page.locator(".squiggly-error")).to_have_count(1)
    expect(page.locator(".wt-status")).to_contain_text("1 error")
    desk.write("module.exports = async function (ctx, cb) {\n  cb(null, ctx.query);\n};\n")
    expect(page.locator(".wt-status")).to_contain_text("No problems")


def test_knows_modules_types_and_the_webs_model(desk: Desk, page: Page):
    desk.write(
        "import fs from 'node:fs';\n\nconst size: number = await Promise.resolve(1);\n"
        "export default { async fetch(request, env, ctx) {\n"
        "  ctx.waitUntil(Promise.resolve(fs));\n  return new Response(request.method + size);\n} };\n"
    )
    expect(page.locator(".wt-status")).to_contain_text("No problems")
    desk.run()
    expect(page.get_by_test_id("body")).to_have_text("GET1")
    desk.write("export default async function (ctx) {\n  return ctx.nothing;\n};\n")
    expect(page.locator(".wt-status")).to_contain_text("1 error")


def test_monacos_own_widgets_work_under_the_policy(desk: Desk, page: Page):
    desk.lines.first.click()
    page.keyboard.press("Control+F")
    expect(page.locator(".find-widget.visible")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    page.keyboard.press("F2")
    page.keyboard.press("Escape")
    page.locator(".view-line span", has_text="ctx").first.hover()
    expect(page.locator(".monaco-hover:visible")).to_contain_text("Webtask.Context")
    page.keyboard.press("Control+G")
    expect(page.locator(".quick-input-widget")).to_be_visible()
    page.keyboard.press("Escape")
    desk.lines.first.click(button="right")
    expect(page.get_by_role("menuitem", name="Copy")).to_be_visible()


def test_runs_what_was_typed_last_with_one_key(desk: Desk, page: Page):
    desk.write("module.exports = (cb) => cb(null, 'typed just now');")
    desk.run()
    expect(page.get_by_test_id("body")).to_have_text('"typed just now"')


def test_a_script_error_is_told_with_its_line(desk: Desk, page: Page):
    desk.write("module.exports = function (cb) {\n  throw new TypeError('broken on purpose');\n};\n")
    desk.run()
    expect(page.get_by_test_id("status")).to_have_text(re.compile("500"))
    failure = page.get_by_test_id("failure")
    expect(failure).to_contain_text("broken on purpose")
    expect(failure).to_contain_text(".js:2:")


def test_keys_save_and_toggle_the_log_and_leave_the_browsers_alone(desk: Desk, page: Page):
    desk.write("module.exports = (cb) => cb();")
    page.keyboard.press("Control+S")
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    logs = page.get_by_role("region", name="Logs")
    expect(logs).to_be_visible()
    page.keyboard.press("Control+J")
    expect(logs).to_be_hidden()
    page.keyboard.press("Control+J")
    expect(logs).to_be_visible()


def test_f6_walks_through_the_regions(desk: Desk, page: Page):
    page.get_by_label("Path and query").focus()
    page.keyboard.press("F6")
    expect(page.get_by_label("Filter the logs")).to_be_focused()
    page.keyboard.press("Shift+F6")
    page.keyboard.press("Shift+F6")
    expect(page.get_by_role("textbox", name=re.compile("^Code of"))).to_be_focused()


def test_tab_can_leave_the_editor(desk: Desk, page: Page):
    desk.lines.first.click()
    page.keyboard.press("Control+M")
    expect(page.locator(".wt-status")).to_contain_text("Tab moves the focus")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name=re.compile("^Code of"))).not_to_be_focused()


def test_splitters_move_by_arrow_keys_and_are_remembered(desk: Desk, page: Page):
    splitter = page.get_by_role("separator", name="Width of the side panel")
    before = int(splitter.get_attribute("aria-valuenow") or 0)
    splitter.focus()
    page.keyboard.press("ArrowLeft")
    expect(splitter).to_have_attribute("aria-valuenow", str(before + 24))
    page.reload()
    expect(splitter).to_have_attribute("aria-valuenow", str(before + 24))


def test_code_is_readable_where_the_system_forces_colours(page: Page, desk: Desk):
    page.emulate_media(forced_colors="active")
    desk.open()
    background = page.locator(".monaco-editor-background").first
    expect(background).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".view-line .mtk1").first).not_to_have_css("color", "rgb(255, 255, 255)")
    page.emulate_media(forced_colors="none")


def test_the_theme_is_chosen_once_for_page_and_editor(desk: Desk, page: Page):
    background = page.locator(".monaco-editor-background").first
    expect(background).to_have_css("background-color", "rgb(255, 255, 255)")
    page.get_by_label("Account and theme").click()
    page.get_by_role("button", name="dark").click()
    expect(background).to_have_css("background-color", "rgb(22, 24, 29)")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(background).to_have_css("background-color", "rgb(22, 24, 29)")
