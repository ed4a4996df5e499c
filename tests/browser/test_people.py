"""Two people at one webtask see each other, read each other's drafts and make forks of them."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import VIOLATIONS, WINDOW, Complaints
from tests.browser.desk import Desk, sign_in
from tests.browser.test_drafts import copies
from tests.stack import ROOT, Member, Stack

BO, STRANGER = ("bo@example.com", "bo-writes-as-well"), ("stan@example.com", "stan-is-a-stranger")
MAKE_THEM = f"""
from console.accounts.actions import add_member, create_team, create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import Team
bo = create_user("{BO[0]}", password="{BO[1]}", actor=SYSTEM, name="Bo Noël")
add_member(Team.objects.get(slug="acme"), bo, "developer", actor=SYSTEM)
create_team("bos", "Bo’s own", owner=bo, actor=SYSTEM)
stan = create_user("{STRANGER[0]}", password="{STRANGER[1]}", actor=SYSTEM, name="Stan")
create_team("stans", "Stan’s", owner=stan, actor=SYSTEM)
"""


@pytest.fixture(scope="module")
def them(stack: Stack) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_THEM],
        cwd=ROOT,
        env={**os.environ, "WEBTASKS_DATA": str(stack.data), "WEBTASKS_PORT": str(stack.port)},
        check=True,
    )


def window_of(
    browser: Browser, stack: Stack, complaints: Complaints, person: tuple[str, str], home: str
) -> Iterator[Page]:
    context = browser.new_context(**WINDOW)
    context.add_init_script(VIOLATIONS)
    complaints.watch(context)
    page = context.new_page()
    sign_in(page, stack.url, *person, home=home)
    yield page
    context.close()


@pytest.fixture
def bo(browser: Browser, stack: Stack, them: None, complaints: Complaints) -> Iterator[Page]:
    yield from window_of(browser, stack, complaints, BO, "acme")


@pytest.fixture
def stan(browser: Browser, stack: Stack, them: None, complaints: Complaints) -> Iterator[Page]:
    yield from window_of(browser, stack, complaints, STRANGER, "stans")


@pytest.fixture
def his(bo: Page, stack: Stack, webtask: str) -> Desk:
    desk = Desk(bo, stack.url, webtask)
    desk.open()
    return desk


def others(page: Page) -> Locator:
    return page.get_by_test_id("others").locator("summary")


def test_two_people_see_each_other_while_both_are_there(desk: Desk, his: Desk):
    expect(others(desk.page)).to_have_accessible_name("Also here: Bo Noël is looking")
    expect(others(his.page)).to_have_accessible_name(re.compile("Also here: .* is looking"))
    his.write("one();\ntwo();\n")
    expect(others(desk.page)).to_have_accessible_name(re.compile(r"Bo Noël is editing line \d"))
    expect(desk.page.get_by_role("status").filter(has_text="Bo Noël is editing")).to_have_count(1)
    his.page.close()
    expect(desk.page.get_by_test_id("others")).to_have_count(0)


def test_a_flag_stands_where_another_types(desk: Desk, his: Desk):
    page = desk.page
    expect(others(page)).to_have_accessible_name("Also here: Bo Noël is looking")
    expect(page.locator(".wt-flag")).to_have_count(0)
    his.lines.filter(has_text="version").click()
    his.page.keyboard.press("End")
    his.page.keyboard.type(" ")
    expect(others(page)).to_have_accessible_name("Also here: Bo Noël is editing line 3")
    line = desk.lines.filter(has=page.locator(".wt-flag"))
    expect(line).to_have_text(re.compile(r"cb\(null.*;Bo\sNoël$"))
    # It stays at its line, which is not a part of the text.
    desk.lines.first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(line).to_have_text(re.compile(r"cb\(null.*;Bo\sNoël$"))
    line.click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    expect(line).to_have_text(re.compile(r"cb\(null.*;!Bo\sNoël$"))
    page.keyboard.press("Enter")
    expect(line).to_have_text(re.compile(r"cb\(null.*;!Bo\sNoël$"))
    his.page.close()
    expect(page.locator(".wt-flag")).to_have_count(0)


def test_a_flag_is_in_the_file_where_another_types(desk: Desk, his: Desk, owner: Member):
    owner.save(desk.webtask, "one();\n", {"lib/add.js": "two();\nthree();\n"})
    desk.open()
    his.page.get_by_role("button", name="New file").click()
    his.page.get_by_label("Name of the new file").fill("lib/add.js")
    his.page.get_by_role("button", name="Create").click()
    his.write("a();\nb();")
    expect(others(desk.page)).to_have_accessible_name("Also here: Bo Noël is editing line 2 of lib/add.js")
    expect(desk.page.locator(".wt-flag")).to_have_count(0)
    desk.page.get_by_role("tab", name="lib/add.js").click()
    expect(desk.lines.filter(has=desk.page.locator(".wt-flag"))).to_have_text(
        re.compile(r"three\(\);Bo\sNoël")
    )


def test_the_draft_of_another_is_read_compared_and_taken_over(desk: Desk, his: Desk):
    desk.write("mine();\n")
    desk.save()
    his.write("bos();\n")
    his.save()
    page = desk.page
    others(page).click()
    page.get_by_role("button", name="View draft of Bo Noël").click()
    expect(page).to_have_url(re.compile(r"view=drafts&draft=\d+$"))
    view = page.get_by_role("region", name="Drafts")
    expect(view.get_by_role("group", name="Draft of Bo Noël")).to_be_visible()
    expect(desk.lines.filter(has_text="bos();")).to_have_count(1)
    view.get_by_role("button", name="Against mine").click()
    page.locator(".line-insert:visible").first.wait_for()
    view.get_by_role("button", name="Use as my draft").click()
    expect(desk.lines.filter(has_text="bos();")).to_have_count(1)
    expect(desk.state).to_have_text(re.compile(r"Draft saved \d\d:\d\d"))
    expect(page.get_by_text("The draft of Bo Noël is yours now. What you had is a copy")).to_be_visible()
    # Also a reload, which the editor's undo does not outlive, leaves what one had.
    page.reload()
    expect(desk.lines.filter(has_text="bos();")).to_have_count(1)
    copy = copies(page)
    expect(copy).to_contain_text("Yours, before you took another’s draft")
    copy.get_by_role("button", name="Put it into the editor").click()
    expect(desk.lines.filter(has_text="mine();")).to_have_count(1)


def test_a_draft_is_not_taken_over_on_what_was_saved_elsewhere(
    desk: Desk, his: Desk, owner: Member, webtask: str, complaints: Complaints
):
    complaints.expect("status of 412")
    his.write("bos();\n")
    his.save()
    page = desk.page
    others(page).click()
    page.get_by_role("button", name="View draft of Bo Noël").click()
    owner.save(webtask, "elsewhere();\n")
    page.get_by_role("button", name="Use as my draft").click()
    expect(desk.state).to_have_text("Someone saved elsewhere")
    draft = owner.api("GET", f"/{webtask}").json()["draft"]
    assert draft["code"] == "elsewhere();\n"


def test_a_draft_is_forked_into_a_team_of_ones_own(
    desk: Desk, his: Desk, owner: Member, stack: Stack, webtask: str
):
    owner.api("PATCH", f"/{webtask}/secrets", json={"secrets": {"API_KEY": "hush"}})
    desk.write("of_the_owner();\n")
    desk.save()
    page = his.page
    page.keyboard.press("Control+K")
    page.keyboard.type("everybody")
    page.keyboard.press("Enter")
    drafts = page.get_by_role("list", name="Drafts")
    drafts.get_by_role("button", name=re.compile("View the draft of")).click()
    page.get_by_role("button", name="Fork…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("From").locator("option:checked")).to_have_text(re.compile("The draft of "))
    dialog.get_by_label("Name").fill("taken-along")
    dialog.get_by_label("Team").select_option("bos")
    dialog.get_by_role("button", name="Fork").click()
    expect(dialog).to_contain_text("API_KEY")
    dialog.get_by_role("link", name="Open it and set these").click()
    expect(page).to_have_url(f"{stack.url}/t/bos/taken-along?view=secrets")
    copy = Desk(page, stack.url, "taken-along", team="bos")
    copy.open()
    expect(copy.lines.filter(has_text="of_the_owner();")).to_have_count(1)


def test_a_fork_from_the_palette_ends_in_its_workspace(
    desk: Desk, stack: Stack, webtask: str, complaints: Complaints
):
    complaints.expect("status of 400")
    page = desk.page
    page.keyboard.press("Control+K")
    page.keyboard.type("fork")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value(f"{webtask}-copy")
    dialog.get_by_label("Name").fill("no name")
    dialog.get_by_role("button", name="Fork").click()
    expect(dialog.get_by_role("alert")).to_contain_text("cannot name a webtask")
    dialog.get_by_label("Name").fill("a-copy")
    dialog.get_by_role("button", name="Fork").click()
    expect(page).to_have_url(f"{stack.url}/t/acme/a-copy")
    copy = Desk(page, stack.url, "a-copy")
    expect(copy.lines.filter(has_text="first")).to_have_count(2)


def test_a_stranger_sees_nobody_and_nothing(desk: Desk, stan: Page, webtask: str, complaints: Complaints):
    complaints.expect("status of 404")
    answer = stan.goto(desk.path)
    assert answer
    assert answer.status == 404
    api = f"/api/teams/acme/webtasks/{webtask}"
    told = stan.evaluate(
        """async (api) => Promise.all(["/drafts", "/drafts/1"].map((path) => fetch(api + path).then((a) => a.status)))""",
        api,
    )
    assert told == [404, 404]
    heard = stan.evaluate(
        """(topic) => new Promise((tell) => {
          const socket = new WebSocket(`ws://${location.host}/ws/`);
          socket.onopen = () => socket.send(JSON.stringify({ t: "here", topic }));
          socket.onmessage = (event) => tell(JSON.parse(event.data));
        })""",
        f"webtask:acme/{webtask}",
    )
    assert heard["problem"]["id"] == "absent"
    expect(desk.page.get_by_test_id("others")).to_have_count(0)


def test_text_that_a_device_kept_of_one_person_is_not_shown_to_another(
    his: Desk, stack: Stack, webtask: str, complaints: Complaints
):
    complaints.expect("ERR_FAILED")
    context = his.page.context
    # The API alone: what the editor still loads is not to fail beside it.
    his.page.route("**/draft", lambda route: route.abort())
    his.write("onlyBos();")
    expect(his.state).to_have_text(re.compile("Offline"))
    his.page.close()
    for person, count in (((stack.email, stack.password), 0), (BO, 1)):
        context.clear_cookies()
        page = context.new_page()
        sign_in(page, stack.url, *person, home="acme")
        desk = Desk(page, stack.url, webtask)
        desk.open()
        expect(desk.lines.filter(has_text="onlyBos")).to_have_count(count)
        page.close()
