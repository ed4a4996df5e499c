"""No keystroke is lost, and nothing is called saved that the server does not have."""

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk, sign_in
from tests.stack import Member, Stack

MINE = "module.exports = (cb) => cb(null, 'mine');"
THEIRS = "module.exports = (cb) => cb(null, 'theirs');"
SAVES = "**/draft"


def saved(owner: Member, webtask: str) -> str:
    code: str = owner.api("GET", f"/{webtask}").json()["draft"]["code"]
    return code


def lines(*texts: str) -> str:
    return "".join(f"// {text}\n" for text in texts)


def copies(page: Page) -> Locator:
    """The one text that this device keeps as a copy, found by the palette."""
    page.keyboard.press("Control+K")
    page.keyboard.type("copies")
    page.keyboard.press("Enter")
    return page.get_by_test_id("copy")


def in_conflict(desk: Desk, owner: Member, webtask: str, complaints: Complaints) -> None:
    """Another device saves first; this one learns it from the server's refusal."""
    complaints.expect("status of 412")
    desk.write("module.exports = (cb) => cb();")
    desk.save()
    owner.save(webtask, THEIRS)
    desk.write(MINE)
    expect(desk.state).to_have_text("Someone saved elsewhere")


def test_back_at_this_device_its_person_sees_what_they_saved_at_another(
    desk: Desk, page: Page, owner: Member, webtask: str
):
    desk.write(MINE)
    desk.save()
    owner.save(webtask, THEIRS)
    # Of a tab that is looked at again.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(desk.lines.filter(has_text="'theirs'")).to_have_count(1)
    page.keyboard.press("Control+End")
    page.keyboard.type("// and on")
    desk.save()
    assert saved(owner, webtask) == THEIRS + "// and on"


def test_conflict_taking_theirs_leaves_mine_as_a_copy(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints
):
    in_conflict(desk, owner, webtask, complaints)
    banner = page.get_by_test_id("conflict")
    expect(banner).to_contain_text("Autosave has stopped")
    assert saved(owner, webtask) == THEIRS
    banner.get_by_role("button", name="Take theirs").click()
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    expect(desk.lines.filter(has_text="'theirs'")).to_have_count(1)
    copy = copies(page)
    expect(copy).to_contain_text("Yours, when you took what was saved elsewhere")
    copy.get_by_role("button", name="Put it into the editor").click()
    expect(desk.lines.filter(has_text="'mine'")).to_have_count(1)
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE


def test_conflict_keeping_mine_leaves_theirs_as_a_copy(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints
):
    in_conflict(desk, owner, webtask, complaints)
    page.get_by_role("button", name="Keep mine").click()
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE
    copy = copies(page)
    copy.get_by_text("Saved elsewhere, when you kept yours").click()
    expect(copy.locator("pre")).to_have_text(THEIRS)
    # A copy goes only when asked twice.
    delete = copy.get_by_role("button", name="Delete")
    delete.press("Enter")
    copy.get_by_role("button", name="Keep it").press("Enter")
    expect(delete).to_be_focused()
    delete.click()
    copy.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("None yet")


def test_two_devices_one_text_by_keyboard(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("status of 412")
    desk.write(lines("one", "two", "three", "four", "five"))
    desk.save()
    owner.save(webtask, lines("ONE", "two", "three elsewhere", "four", "five"))
    desk.write(lines("one", "two", "three here", "four", "FIVE"))
    page.get_by_role("button", name="Merge").press("Enter")
    dialog = page.get_by_role("dialog")
    unresolved = dialog.get_by_test_id("unresolved")
    expect(unresolved).to_have_text("1 of 1 conflict unresolved")
    # The focus is where a choice is wanted; what nobody disputes is in the result already.
    expect(dialog.locator("[data-unresolved] button").first).to_be_focused()
    expect(dialog.get_by_role("textbox").first).to_have_value("// ONE\n")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(unresolved).to_have_text("Everything is resolved")
    dialog.get_by_role("textbox", name="Result, the code, part 3").press("Control+End")
    page.keyboard.type("// by hand\n")
    dialog.get_by_role("button", name="Use result").press("Enter")
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    merged = lines("ONE", "two", "three elsewhere", "three here", "by hand", "four", "FIVE")
    assert saved(owner, webtask) == merged
    expect(desk.lines.filter(has_text="by hand")).to_have_count(1)
    expect(desk.lines.first).to_be_visible()


def test_a_merge_left_for_now_keeps_its_choices(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints
):
    in_conflict(desk, owner, webtask, complaints)
    page.get_by_role("button", name="Merge").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("typed into the result")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(desk.state).to_have_text("Someone saved elsewhere")
    page.get_by_role("button", name="Merge").click()
    expect(dialog.get_by_role("textbox")).to_have_value("typed into the result")
    dialog.get_by_role("button", name="Use result").click()
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == "typed into the result"


def test_of_two_tabs_the_newest_leads(
    signed_in: BrowserContext, stack: Stack, webtask: str, owner: Member, complaints: Complaints
):
    one, two = (Desk(signed_in.new_page(), stack.url, webtask) for _ in range(2))
    one.open()
    # Typed a moment before: not saved yet, and not lost.
    one.write(MINE)
    two.open()
    note = one.page.get_by_test_id("led")
    expect(note).to_contain_text("Open in a newer tab")
    expect(two.lines.filter(has_text="'mine'")).to_have_count(1)
    expect(two.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE
    # The other follows, and does not take what is typed.
    two.write(THEIRS)
    two.save()
    expect(one.lines.filter(has_text="'theirs'")).to_have_count(1)
    one.page.locator(".monaco-editor .view-lines").first.click()
    one.page.keyboard.type("not taken")
    expect(one.lines.filter(has_text="not taken")).to_have_count(0)
    # Until it takes over; with what the newer one had typed.
    two.write(MINE + "// on the way")
    note.get_by_role("button", name="Take over").click()
    expect(note).to_be_hidden()
    expect(two.page.get_by_test_id("led")).to_be_visible()
    expect(one.lines.filter(has_text="on the way")).to_have_count(1)
    one.write(MINE + "// and on")
    one.save()
    expect(two.lines.filter(has_text="and on")).to_have_count(1)
    assert saved(owner, webtask) == MINE + "// and on"
    # Whose newer tab is closed leads again.
    one.page.close()
    expect(two.page.get_by_test_id("led")).to_be_hidden()
    two.write(THEIRS)
    two.save()
    assert saved(owner, webtask) == THEIRS


def test_conflict_stops_run_and_says_why(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints
):
    in_conflict(desk, owner, webtask, complaints)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Run").get_by_role("alert")).to_contain_text(
        "Someone saved elsewhere"
    )


def test_offline_says_so_and_saves_on_return(desk: Desk, owner: Member, webtask: str, complaints: Complaints):
    complaints.expect("ERR_FAILED")
    # The API alone: what the editor still loads is not to fail beside it.
    desk.page.route(SAVES, lambda route: route.abort())
    desk.write(MINE)
    expect(desk.state).to_have_text("Offline – kept on this device")
    desk.page.unroute(SAVES)
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE


def test_signed_out_meanwhile_keeps_the_text(
    desk: Desk, signed_in: BrowserContext, stack: Stack, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("status of 401")
    signed_in.clear_cookies(name="webtasks_session")
    desk.write(MINE)
    expect(desk.state).to_have_text("Signed out – kept on this device")
    other = signed_in.new_page()
    sign_in(other, stack.url, stack.email, stack.password)
    desk.page.get_by_role("button", name="I have signed in").click()
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE


def test_without_monaco_a_plain_editor_saves_and_runs(
    page: Page, stack: Stack, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("ERR_FAILED|did not load")
    page.route(re.compile(r"/monaco-[^/]+\.js$"), lambda route: route.abort())
    desk = Desk(page, stack.url, webtask)
    page.goto(desk.path)
    area = page.get_by_role("textbox", name=f"Code of acme/{webtask}")
    expect(page.get_by_text("The full editor did not load")).to_be_visible()
    area.fill(MINE)
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE
    desk.run()
    expect(page.get_by_test_id("body")).to_have_text('"mine"')


def published_in_between(desk: Desk, owner: Member, webtask: str) -> None:
    """The same person from another place: another text goes out, and this draft stays."""
    owner.api("POST", f"/{webtask}/versions/1/restore", json={})
    expect(desk.live).to_have_text("v3 live")


def test_published_in_between_and_published_over(desk: Desk, page: Page, owner: Member, webtask: str):
    owner.publish(webtask, THEIRS)
    expect(desk.live).to_have_text("v2 live")
    desk.write(MINE)
    desk.save()
    published_in_between(desk, owner, webtask)
    page.keyboard.press("Control+Shift+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("v3 was published by Demo after you started")
    dialog.get_by_role("button", name="Publish over v3").click()
    expect(desk.live).to_have_text("v4 live")
    assert saved(owner, webtask) == MINE


def test_published_in_between_and_merged(desk: Desk, page: Page, owner: Member, webtask: str):
    first = saved(owner, webtask)
    owner.publish(webtask, first + "// two\n")
    expect(desk.live).to_have_text("v2 live")
    desk.write(first.replace("first", "mine", 1) + "// two\n")
    desk.save()
    published_in_between(desk, owner, webtask)
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Merge with v3").click()
    dialog = page.get_by_role("dialog", name="Merge")
    expect(dialog.get_by_test_id("unresolved")).to_have_text("Everything is resolved")
    dialog.get_by_role("button", name="Use result").click()
    merged = first.replace("first", "mine", 1)
    expect(desk.lines.filter(has_text="// two")).to_have_count(0)
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == merged
    desk.publish("Both")
    expect(desk.live).to_have_text("v4 live")
    assert owner.api("GET", f"/{webtask}/versions/4").json()["code"] == merged


def test_a_publish_elsewhere_shows_here_at_once(desk: Desk, owner: Member, webtask: str):
    owner.publish(webtask, THEIRS, "From elsewhere")
    expect(desk.live).to_have_text("v2 live")
    expect(desk.lines.filter(has_text="'theirs'")).to_have_count(1)
    expect(desk.state).to_have_text("Saved")
    expect(desk.versions().first).to_contain_text("From elsewhere")
