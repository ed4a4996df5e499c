"""A webtask of several files, written in the editor, and what the editor knows of what lies around them."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk, show
from tests.browser.files import ADD, CODE, create, files_of, tab
from tests.stack import Member, Stack


def test_a_second_file_is_written_required_and_run(desk: Desk, page: Page):
    create(page, "lib/add.js")
    desk.write(ADD)
    tab(page, f"{desk.webtask}.js").click()
    desk.write(CODE)
    expect(page.locator(".wt-status")).to_contain_text("No problems")
    desk.run()
    expect(page.get_by_test_id("body")).to_contain_text('"sum": 3')
    page.reload()
    expect(tab(page, "lib/add.js")).to_be_visible()


def test_each_file_keeps_its_own_history(desk: Desk, page: Page):
    create(page, "lib/add.js")
    desk.write("// added")
    tab(page, f"{desk.webtask}.js").click()
    desk.write("// changed")
    page.keyboard.press("Control+Z")
    expect(desk.lines.filter(has_text="module.exports")).to_be_visible()
    tab(page, "lib/add.js").click()
    expect(desk.lines).to_have_text(["// added"])
    desk.lines.first.click()
    page.keyboard.press("Control+Z")
    expect(desk.lines).to_have_text([""])


def test_files_are_renamed_and_deleted_and_put_back(desk: Desk, page: Page, owner: Member):
    create(page, "lib/add.js")
    desk.write(ADD)
    page.get_by_role("button", name="Rename").click()
    name = page.get_by_label("New name of lib/add.js")
    name.fill("../up.js")
    expect(page.get_by_text("separated by slashes")).to_be_visible()
    name.fill("sum.js")
    name.press("Enter")
    expect(tab(page, "sum.js")).to_have_attribute("aria-selected", "true")
    expect(tab(page, "lib/add.js")).to_have_count(0)
    expect(desk.lines.first).to_have_text(ADD.strip())
    page.get_by_role("button", name="Delete").click()
    expect(tab(page, "sum.js")).to_have_count(0)
    expect(tab(page, f"{desk.webtask}.js")).to_be_focused()
    page.get_by_role("button", name="Put back").click()
    expect(tab(page, "sum.js")).to_have_attribute("aria-selected", "true")
    desk.lines.first.click()
    desk.save()
    assert files_of(owner, desk.webtask) == {"sum.js": ADD}


def test_tabs_are_walked_by_keys(desk: Desk, page: Page):
    create(page, "a.json")
    create(page, "b.md")
    tab(page, "b.md").focus()
    page.keyboard.press("ArrowRight")
    expect(tab(page, f"{desk.webtask}.js")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tab(page, "a.json")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("F2")
    expect(page.get_by_label("New name of b.md")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name=re.compile("^Code of")).focus()
    page.keyboard.press("Shift+F6")
    expect(tab(page, "b.md")).to_be_focused()
    page.keyboard.press("Control+P")
    page.keyboard.type("a.json")
    page.keyboard.press("Enter")
    expect(tab(page, "a.json")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("textbox", name=re.compile("^Code of .*a.json"))).to_be_focused()


def test_problems_stand_on_the_tab_of_their_file(desk: Desk, page: Page):
    create(page, "data.json")
    desk.write("{ broken }")
    expect(tab(page, "data.json")).to_contain_text("has errors")
    tab(page, f"{desk.webtask}.js").click()
    desk.write('const { two } = require("./data.json");\nmodule.exports = (cb) => cb(null, two.toFixed());\n')
    tab(page, "data.json").click()
    desk.write('{ "two": "2" }')
    expect(tab(page, "data.json")).not_to_contain_text("has errors")
    # What one file says is wrong with another.
    expect(tab(page, f"{desk.webtask}.js")).to_contain_text("has errors")
    desk.write('{ "two": 2 }')
    expect(page.locator(".wt-status")).to_contain_text("No problems")


def test_typescript_is_checked_beside_javascript(desk: Desk, page: Page):
    create(page, "lib/add.ts")
    desk.write("export function add(a: number, b: number): number { return a + b; }\n")
    tab(page, f"{desk.webtask}.js").click()
    desk.write(
        'const { add } = require("./lib/add.ts");\nmodule.exports = (ctx, cb) => cb(null, add("1", 2));\n'
    )
    expect(page.locator(".wt-status")).to_contain_text("1 error")
    desk.write(
        'const { add } = require("./lib/add.ts");\nmodule.exports = (ctx, cb) => cb(null, add(1, 2));\n'
    )
    expect(page.locator(".wt-status")).to_contain_text("No problems")
    desk.run()
    expect(page.get_by_test_id("body")).to_have_text("3")


def test_without_monaco_files_are_written_all_the_same(
    page: Page, stack: Stack, webtask: str, owner: Member, complaints: Complaints
):
    complaints.expect("ERR_FAILED|did not load")
    page.route(re.compile(r"/monaco-[^/]+\.js$"), lambda route: route.abort())
    desk = Desk(page, stack.url, webtask)
    page.goto(desk.path)
    expect(page.get_by_text("The full editor did not load")).to_be_visible()
    create(page, "lib/add.js")
    page.get_by_role("textbox", name=re.compile(r"add\.js$")).fill(ADD)
    tab(page, f"{webtask}.js").click()
    page.get_by_role("textbox", name=f"Code of acme/{webtask}", exact=True).fill(CODE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("body")).to_contain_text('"sum": 3')
    assert files_of(owner, webtask) == {"lib/add.js": ADD}


def test_the_last_run_failed_on_a_line_until_it_is_changed(desk: Desk, page: Page):
    create(page, "lib/add.js")
    desk.write("module.exports = () => {\n  throw new TypeError('broken on purpose');\n};\n")
    tab(page, f"{desk.webtask}.js").click()
    desk.write(CODE)
    desk.run()
    expect(tab(page, "lib/add.js")).to_contain_text("has errors")
    tab(page, "lib/add.js").click()
    expect(page.locator(".wt-failed-words")).to_have_text("TypeError: broken on purpose")
    desk.lines.first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    expect(page.locator(".wt-failed-words")).to_be_visible()
    desk.lines.filter(has_text="throw").click()
    page.keyboard.press("End")
    page.keyboard.type(" // !")
    expect(page.locator(".wt-failed-words")).to_have_count(0)


def test_the_next_run_that_is_fine_clears_it(desk: Desk, page: Page):
    desk.write(
        "module.exports = (ctx, cb) => {\n  if (ctx.query.bad) throw new Error('so bad');\n  cb();\n};\n"
    )
    page.get_by_label("Path and query").fill("/?bad=1")
    desk.run()
    expect(page.locator(".wt-failed-words")).to_have_text("Error: so bad")
    page.get_by_label("Path and query").fill("/")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("status")).to_contain_text("200")
    expect(page.locator(".wt-failed-words")).to_have_count(0)


def test_secrets_are_completed_and_a_missing_one_is_added(desk: Desk, page: Page, owner: Member):
    owner.api("PATCH", f"/{desk.webtask}/secrets", json={"secrets": {"API_KEY": "s3cret-of-this-test"}})
    page.reload()
    desk.lines.first.wait_for()
    desk.write("module.exports = function (ctx, cb) { ctx.secrets.")
    assert desk.completed("API_KEY")
    page.keyboard.press("Escape")
    desk.write("module.exports = (ctx, cb) => cb(null, ctx.secrets.OTHER_KEY);")
    expect(page.locator(".squiggly-info")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+.")
    page.get_by_text("Add secret OTHER_KEY").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("OTHER_KEY")
    page.get_by_role("textbox", name="Value").fill("another-secret-of-this-test")
    page.get_by_role("button", name="Add secret").click()
    expect(page.get_by_role("list", name="Secrets").get_by_text("OTHER_KEY")).to_be_visible()
    show(page, "Code")
    expect(page.locator(".squiggly-info")).to_have_count(0)


def test_env_of_fetch_has_the_secrets_too(desk: Desk, page: Page, owner: Member):
    owner.api("PATCH", f"/{desk.webtask}/secrets", json={"secrets": {"API_KEY": "s3cret-of-this-test"}})
    page.reload()
    desk.lines.first.wait_for()
    desk.write("export default { async fetch(request, env) { env.")
    assert desk.completed("API_KEY")
    page.keyboard.press("Escape")
    desk.write("export default { async fetch(request, env) { return new Response(env.API_KEY) } };")
    desk.run()
    expect(page.get_by_test_id("body")).to_have_text("s3cret-of-this-test")
    expect(page.locator(".squiggly-info")).to_have_count(0)
    desk.write("export default { fetch: (request, env) => new Response(env.OTHER_KEY) }")
    expect(page.locator(".squiggly-info")).to_be_visible()
    expect(page.locator(".wt-status")).to_contain_text("No problems")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+.")
    page.get_by_text("Add secret OTHER_KEY").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("OTHER_KEY")


def test_what_is_stored_is_completed_by_its_keys(desk: Desk, page: Page, owner: Member):
    owner.api("PUT", f"/{desk.webtask}/storage", json={"data": '{"visits": 3}'})
    desk.write("module.exports = async (ctx) => { const data = await ctx.storage.get(); return data.")
    assert desk.completed("visits")


def test_a_module_that_is_missing_is_offered(desk: Desk, page: Page):
    desk.write('const left = require("no-such-package-here");\nmodule.exports = (cb) => cb(null, left);\n')
    expect(page.locator(".squiggly-warning")).to_be_visible()
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+.")
    page.get_by_text("Install no-such-package-here").click()
    expect(page.get_by_text("no-such-package-here is being installed")).to_be_visible()
    expect(page.locator(".squiggly-warning")).to_have_count(0)


def test_packages_bring_their_types(desk: Desk, page: Page):
    desk.write(
        'const axios = require("axios");\nmodule.exports = (cb) => cb(null, axios.isAxiosError(1, 2, 3));\n'
    )
    expect(page.locator(".wt-status")).to_contain_text("1 error")
    desk.write('const lodash = require("lodash");\nmodule.exports = (cb) => cb(null, lodash.anything(1));\n')
    expect(page.locator(".wt-status")).to_contain_text("No problems")


def test_the_file_is_formatted(desk: Desk, page: Page):
    desk.write("module.exports = function (cb) {\ncb( null,1 )\n}\n")
    page.keyboard.press("Alt+Shift+F")
    expect(desk.lines.nth(1)).to_have_text(re.compile(r"cb\(null,\s1\)"))
    create(page, "data.json")
    desk.write('{"a":[1]}')
    page.keyboard.press("Control+K")
    page.keyboard.type("format the file")
    page.keyboard.press("Enter")
    expect(desk.lines).to_have_count(6)
