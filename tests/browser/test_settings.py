"""Limits and where a webtask may connect to, set in the workspace and on the team's page; calls beside answers."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.stack import Member, Stack


@pytest.fixture
def panel(desk: Desk, page: Page) -> Locator:
    page.get_by_role("button", name="Settings").click()
    panel = page.get_by_role("region", name="Settings")
    panel.get_by_label("Request body").wait_for()
    return panel


@pytest.fixture
def team_page(page: Page, stack: Stack, owner: Member) -> Iterator[Page]:
    page.goto(f"{stack.url}/t/acme")
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Request body").wait_for()
    yield page
    owner.team_limits(body_bytes=None)


def post(stack: Stack, webtask: str) -> int:
    return httpx.post(f"{stack.url}/api/run/acme/{webtask}", content=b"x" * 20_000).status_code


def saved(place: Locator | Page) -> None:
    place.get_by_role("button", name="Save limits").click()
    expect(place.get_by_text("Saved, and in force").first).to_be_visible()


def test_a_limit_set_in_the_workspace_is_in_force_when_it_says_so(panel: Locator, stack: Stack, webtask: str):
    row = panel.get_by_test_id("limit-body_bytes")
    expect(row).to_contain_text("Default: 10 MiB, up to 100 MiB")
    assert post(stack, webtask) == 200
    panel.get_by_label("Request body").fill("0.01")
    saved(panel)
    assert post(stack, webtask) == 413
    expect(row).to_contain_text("Set here")
    panel.get_by_label("Request body").fill("")
    saved(panel)
    assert post(stack, webtask) == 200


def test_what_cannot_be_a_limit_is_told_beside_it_and_not_sent(panel: Locator):
    wall = panel.get_by_label("Wall time")
    for text in ("a lot", "0", "1000000"):
        wall.fill(text)
        expect(panel.get_by_text("Write a number from 100 ms to 300 s.")).to_be_visible()
        expect(wall).to_have_attribute("aria-invalid", "true")
        expect(panel.get_by_role("button", name="Save limits")).to_be_disabled()
    panel.get_by_role("button", name="Undo").click()
    expect(wall).to_have_value("")


def test_a_teams_limit_is_what_its_webtasks_inherit(team_page: Page, stack: Stack, webtask: str):
    team_page.get_by_label("Request body").fill("0.01")
    saved(team_page)
    assert post(stack, webtask) == 413
    desk = Desk(team_page, stack.url, webtask)
    desk.open()
    team_page.get_by_role("button", name="Settings").click()
    row = team_page.get_by_test_id("limit-body_bytes")
    expect(row).to_contain_text("From the team: 10,486 bytes")
    team_page.get_by_role("link", name="the team").click()
    expect(team_page).to_have_url(f"{stack.url}/t/acme/@settings")


def test_rules_are_checked_kept_and_shown_again(panel: Locator, page: Page, complaints):
    complaints.expect("status of 400")
    panel.get_by_label("Only these").check()
    rules = panel.get_by_label("Rules, one a line")
    rules.fill("api.example.com")
    panel.get_by_role("button", name="Save rules").click()
    expect(panel.get_by_role("alert")).to_contain_text("a rule is host:port")
    expect(rules).to_have_value("api.example.com")
    rules.fill("API.example.com:443\n\n*.example.org:*")
    panel.get_by_role("button", name="Save rules").click()
    expect(panel.get_by_text("Saved, and in force")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Settings").click()
    expect(rules).to_have_value("api.example.com:443\n*.example.org:*")
    panel.get_by_label("Every public address").check()
    panel.get_by_role("button", name="Save rules").click()
    expect(panel.get_by_text("Saved, and in force")).to_be_visible()


def test_calls_stand_beside_the_answer_and_beside_the_invocation_in_the_log(desk: Desk, page: Page):
    """As the console keeps them; tests of egress make real ones."""

    def calls(route, request):
        invocation = re.findall("invocation=(.+)", request.url)[0]
        common = {"invocation": invocation, "label": "draft", "time": "2026-01-01T00:00:00.000Z", "ms": 34.2}
        made = {**common, "id": 1, "host": "api.example.com", "port": 443, "address": "93.184.216.34"}
        tried = {**common, "id": 2, "host": "10.0.0.1", "port": 80, "address": ""}
        body = [
            {**tried, "sent": 0, "received": 0, "verdict": "refused: private address"},
            {**made, "sent": 517, "received": 20_480, "verdict": "allowed"},
        ]
        route.fulfill(content_type="application/json", body=json.dumps(body))

    page.route(re.compile("/egress\\?"), calls)
    desk.run()
    shown = desk.answer.get_by_test_id("calls")
    expect(shown.locator("summary")).to_have_text("Network 2, 1 not made")
    made, tried = shown.get_by_role("listitem").all()
    expect(made).to_contain_text(re.compile(r"api\.example\.com:443.*93\.184.*517 B.*20 KB.*34 ms.*allowed"))
    expect(tried).to_contain_text("10.0.0.1:80")
    expect(tried).to_contain_text("refused: private address")
    page.get_by_test_id("log-invocation").last.click()
    detail = page.get_by_role("group", name="The chosen line")
    expect(detail.get_by_test_id("calls")).to_contain_text("refused: private address")


def test_a_call_that_is_refused_shows_beside_the_answer_that_missed_it(desk: Desk):
    desk.write("module.exports = (cb) => fetch('http://127.0.0.1/').catch(() => cb(null, 'alone'));\n")
    desk.save()
    desk.run()
    shown = desk.answer.get_by_test_id("calls")
    expect(shown).to_contain_text("127.0.0.1:80")
    expect(shown).to_contain_text("refused: loopback address")
