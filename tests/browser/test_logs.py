"""The log drawer: lines as they happen, none lost when the connection breaks."""

import re

import httpx
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.desk import Desk
from tests.crowd import crowd
from tests.stack import Member, Stack


def call(stack: Stack, webtask: str, n: int) -> str:
    answer = httpx.get(f"{stack.url}/api/run/acme/{webtask}?n={n}")
    assert answer.status_code == 200, answer.text
    return answer.headers["x-wt-invocation"]


def test_a_line_appears_with_level_time_and_invocation(desk: Desk, page: Page, stack: Stack, webtask: str):
    expect(page.get_by_test_id("link")).to_have_text("Live")
    invocation = call(stack, webtask, 1)
    line = desk.log.filter(has_text="first 1")
    expect(line).to_contain_text("info")
    expect(line.locator("code")).to_have_text(invocation[-6:])
    expect(
        page.get_by_test_id("log-invocation").filter(has_text=re.compile(r"GET .*→ 200 in \d+ ms"))
    ).to_be_visible()
    line.click()
    detail = page.get_by_role("group", name="The chosen line")
    expect(detail).to_contain_text(invocation)


def test_a_crowd_of_requests_is_told_by_one_line(desk: Desk, page: Page, stack: Stack, webtask: str):
    expect(page.get_by_test_id("link")).to_have_text("Live")
    assert crowd(stack, f"/api/run/acme/{webtask}?n=1", 1000) == 1000
    told = page.get_by_test_id("log-tally").first
    words = r"[\d,]+ more, counted only \(of all [\d,]+ in 10 s: half within .* ms, 99 % within .* ms\)"
    expect(told).to_contain_text(re.compile(words))
    told.click()
    expect(page.get_by_role("group", name="The chosen line")).to_contain_text("counted only")


def test_reconnecting_resumes_without_loss_or_repetition(page: Page, stack: Stack, webtask: str):
    connections: list[WebSocketRoute] = []
    refused = False

    def relay(socket: WebSocketRoute) -> None:
        if refused:
            socket.close()
            return
        connections.append(socket)
        socket.connect_to_server()

    page.route_web_socket(re.compile("/ws/"), relay)
    desk = Desk(page, stack.url, webtask)
    desk.open()
    expect(page.get_by_test_id("link")).to_have_text("Live")
    call(stack, webtask, 1)
    expect(desk.log.filter(has_text="first 1")).to_have_count(1)

    refused = True
    connections[0].close()
    expect(page.get_by_test_id("link")).to_have_text("Reconnecting…")
    for n in (2, 3, 4):
        call(stack, webtask, n)
    refused = False
    expect(page.get_by_test_id("link")).to_have_text("Live")
    expect(desk.log).to_have_count(4)
    assert [re.findall(r"first (\d)", text)[0] for text in desk.log.all_inner_texts()] == ["1", "2", "3", "4"]


def test_filter_pause_and_clear(desk: Desk, page: Page, stack: Stack, webtask: str):
    call(stack, webtask, 1)
    call(stack, webtask, 2)
    expect(desk.log).to_have_count(2)
    page.get_by_label("Filter the logs").fill("first 2")
    expect(desk.log).to_have_count(1)
    page.get_by_label("Filter the logs").fill("")
    page.get_by_role("button", name="Pause").click()
    call(stack, webtask, 3)
    expect(page.get_by_role("button", name=re.compile("Resume.*new"))).to_be_visible()
    expect(desk.log).to_have_count(2)
    page.get_by_role("button", name="Resume").click()
    expect(desk.log).to_have_count(3)
    page.get_by_role("button", name="Clear").click()
    expect(desk.log).to_have_count(0)
    expect(page.get_by_text("No lines yet")).to_be_visible()


def test_thousands_of_lines_draw_a_window_and_follow_the_newest(desk: Desk, page: Page):
    desk.write(
        "module.exports = function (cb) {\n"
        "  for (let n = 1; n <= 1500; n++) console.log('row', n);\n"
        "  cb();\n};\n"
    )
    desk.run()
    expect(desk.log.filter(has_text=re.compile("row 1500$"))).to_be_visible()
    assert page.get_by_role("option").count() < 100
    lines = page.get_by_role("listbox", name="Log lines")
    lines.focus()
    page.keyboard.press("Home")
    expect(desk.log.filter(has_text=re.compile("row 1$"))).to_be_visible()
    newest = page.get_by_role("button", name=re.compile("Newest|new$"))
    newest.click()
    expect(desk.log.filter(has_text=re.compile("row 1500$"))).to_be_visible()


FAILS = "module.exports = (ctx, cb) => {\n  cb.nothing();\n};\n"
LOGS = (
    'const fail = require("./lib/fail");\nmodule.exports = (cb) => {\n  console.error(fail());\n  cb();\n};\n'
)
FAIL = "// It has a line before.\nmodule.exports = () => new Error('on purpose');\n"


def at(page: Page, line: int) -> None:
    """The cursor is there, and what is typed goes there."""
    expect(page.locator(".wt-status")).to_contain_text(f"Ln {line},")
    expect(page.get_by_role("textbox", name=re.compile("^Code of"))).to_be_focused()


def test_a_place_in_a_stack_leads_to_its_line(desk: Desk, page: Page):
    desk.write(FAILS)
    page.keyboard.press("Control+Home")
    desk.run()
    place = page.get_by_test_id("failure").get_by_role("button", name=re.compile(r"\.js:2:6$"))
    expect(page.get_by_test_id("failure").get_by_role("button")).to_have_count(1)
    place.focus()
    page.keyboard.press("Enter")
    at(page, 2)


def test_a_place_in_the_log_leads_to_the_file_and_line(desk: Desk, page: Page, owner: Member):
    owner.save(desk.webtask, LOGS, {"lib/fail.js": FAIL})
    desk.open()
    desk.run()
    line = desk.log.filter(has_text="on purpose")
    line.get_by_text(re.compile(r"^lib/fail\.js:2:\d+$")).click()
    shown = page.get_by_role("tab", name="lib/fail.js")
    expect(shown).to_have_attribute("aria-selected", "true")
    at(page, 2)
    expect(page.get_by_role("group", name="The chosen line")).to_have_count(0)
    # By key it is in what is shown of the chosen line.
    page.get_by_role("listbox", name="Log lines").focus()
    while line.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
    detail = page.get_by_role("group", name="The chosen line")
    detail.get_by_role("button", name=re.compile(rf"^{desk.webtask}\.js:3:\d+$")).press("Enter")
    expect(shown).to_have_attribute("aria-selected", "false")
    at(page, 3)


def test_a_place_leads_to_the_version_that_told_of_it(desk: Desk, page: Page, stack: Stack, owner: Member):
    owner.publish(desk.webtask, LOGS, "It logs", files={"lib/fail.js": FAIL})
    owner.save(desk.webtask, LOGS, {"lib/fail.js": "module.exports = () => 1;\n"})
    desk.open()
    call(stack, desk.webtask, 1)
    line = desk.log.filter(has_text="on purpose")
    # The code is as it was: there the draft is what there is to be changed.
    line.get_by_text(re.compile(rf"^{desk.webtask}\.js:3:\d+$")).click()
    at(page, 3)
    line.get_by_text(re.compile(r"^lib/fail\.js:2:\d+$")).click()
    expect(page).to_have_url(re.compile(r"view=versions&version=2&file=lib%2Ffail\.js&line=2$"))
    expect(desk.lines.filter(has_text="on purpose")).to_be_visible()
    expect(page.get_by_role("textbox", name="Code of v2, read only, file lib/fail.js")).to_be_focused()
    page.reload()
    expect(desk.lines.filter(has_text="It has a line before")).to_be_visible()
