"""No keystroke is lost, and nothing is called saved that the server does not have."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk, sign_in
from tests.stack import Member, Stack

MINE = "module.exports = (cb) => cb(null, 'mine');"
THEIRS = "module.exports = (cb) => cb(null, 'theirs');"


def saved(owner: Member, webtask: str) -> str:
    code: str = owner.api("GET", f"/{webtask}").json()["draft"]["code"]
    return code


def in_conflict(desk: Desk, owner: Member, webtask: str, complaints: Complaints) -> None:
    """Another tab saves first; this one learns it from the server's refusal."""
    complaints.expect("status of 412")
    desk.write("module.exports = (cb) => cb();")
    desk.save()
    owner.save(webtask, THEIRS)
    desk.write(MINE)
    expect(desk.state).to_have_text("Someone saved elsewhere")


def test_two_tabs_the_second_takes_theirs(
    signed_in: BrowserContext, stack: Stack, webtask: str, owner: Member, complaints: Complaints
):
    complaints.expect("status of 412")
    one, two = (Desk(signed_in.new_page(), stack.url, webtask) for _ in range(2))
    one.open()
    two.open()
    one.write(THEIRS)
    one.save()
    two.write(MINE)
    banner = two.page.get_by_test_id("conflict")
    expect(banner).to_contain_text("Autosave has stopped")
    assert saved(owner, webtask) == THEIRS
    banner.get_by_role("button", name="Take theirs").click()
    expect(two.state).to_have_text(re.compile("Draft saved"))
    expect(two.lines.filter(has_text="'theirs'")).to_have_count(1)
    # Ours is one undo away.
    two.lines.first.click()
    two.page.keyboard.press("Control+Z")
    expect(two.lines.filter(has_text="'mine'")).to_have_count(1)


def test_conflict_keeping_mine(desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints):
    in_conflict(desk, owner, webtask, complaints)
    page.get_by_role("button", name="Compare").first.click()
    expect(page.locator(".monaco-diff-editor")).to_be_visible()
    page.get_by_role("button", name="Keep mine").click()
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE


def test_conflict_stops_run_and_says_why(
    desk: Desk, page: Page, owner: Member, webtask: str, complaints: Complaints
):
    in_conflict(desk, owner, webtask, complaints)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Run").get_by_role("alert")).to_contain_text(
        "Someone saved elsewhere"
    )


def test_offline_says_so_and_saves_on_return(
    desk: Desk, signed_in: BrowserContext, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    signed_in.set_offline(True)
    desk.write(MINE)
    expect(desk.state).to_have_text("Offline – kept on this device")
    signed_in.set_offline(False)
    expect(desk.state).to_have_text(re.compile("Draft saved"))
    assert saved(owner, webtask) == MINE


def test_text_of_a_tab_that_was_closed_offline_comes_back(
    desk: Desk, signed_in: BrowserContext, stack: Stack, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    signed_in.set_offline(True)
    desk.write(MINE)
    expect(desk.state).to_have_text("Offline – kept on this device")
    desk.page.close()
    signed_in.set_offline(False)
    again = Desk(signed_in.new_page(), stack.url, webtask)
    again.open()
    expect(again.page.get_by_text("Restored what this device had kept")).to_be_visible()
    expect(again.state).to_have_text(re.compile("Draft saved"))
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


def test_someone_published_in_between(desk: Desk, page: Page, owner: Member, webtask: str):
    desk.write(MINE)
    desk.save()
    with_draft = owner.api("GET", f"/{webtask}").json()["draft"]
    # The same person from another place: their draft goes out, the live version moves on.
    owner.api("POST", f"/{webtask}/versions/1/restore", json={})
    expect(desk.live).to_have_text("v2 live")
    assert with_draft["base"] == 1
    page.keyboard.press("Control+Shift+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("v2 was published by Demo after you started")
    dialog.get_by_role("button", name="Publish over v2").click()
    expect(desk.live).to_have_text("v3 live")


def test_a_publish_elsewhere_shows_here_at_once(desk: Desk, owner: Member, webtask: str):
    owner.publish(webtask, THEIRS, "From elsewhere")
    expect(desk.live).to_have_text("v2 live")
    expect(desk.lines.filter(has_text="'theirs'")).to_have_count(1)
    expect(desk.state).to_have_text("Saved")
    expect(desk.versions().first).to_contain_text("From elsewhere")


def test_discarding_brings_the_live_code_back(desk: Desk, page: Page, owner: Member, webtask: str):
    desk.write(MINE)
    desk.save()
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Compare with live").click()
    page.get_by_role("button", name="Discard the draft").click()
    expect(desk.state).to_have_text("Saved")
    assert 'version: "first"' in saved(owner, webtask)
