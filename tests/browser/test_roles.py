"""What a role may not do, the workspace does not offer."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk, sign_in
from tests.stack import ROOT, Member, Stack

BOB = ("bob@example.com", "bob-may-only-look")
MAKE_BOB = f"""
from console.accounts.actions import add_member, create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import Team
bob = create_user("{BOB[0]}", password="{BOB[1]}", actor=SYSTEM, name="Bob")
add_member(Team.objects.get(slug="acme"), bob, "viewer", actor=SYSTEM)
"""


@pytest.fixture(scope="module")
def bob(stack: Stack) -> tuple[str, str]:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_BOB],
        cwd=ROOT,
        env={**os.environ, "WEBTASKS_DATA": str(stack.data), "WEBTASKS_PORT": str(stack.port)},
        check=True,
    )
    return BOB


@pytest.fixture
def viewer(browser: Browser, stack: Stack, bob: tuple[str, str], complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context()
    complaints.watch(context)
    page = context.new_page()
    sign_in(page, stack.url, *bob)
    yield page
    context.close()


def test_a_viewer_sees_limits_and_no_system(viewer: Page, stack: Stack, webtask: str, complaints: Complaints):
    complaints.expect("status of 403")
    desk = Desk(viewer, stack.url, webtask)
    desk.open()
    viewer.get_by_role("button", name="Settings").click()
    panel = viewer.get_by_role("region", name="Settings")
    expect(panel).to_contain_text("Nobody has said yet what it is for.")
    expect(panel).to_contain_text("Every public address.")
    expect(panel.get_by_test_id("limit-wall_ms")).to_contain_text("30 s")
    expect(panel.get_by_role("textbox")).to_have_count(0)
    viewer.goto(f"{stack.url}/t/acme/@settings")
    expect(viewer.get_by_text("Owners and admins of the team may change these.")).to_be_visible()
    expect(viewer.get_by_role("link", name="System", exact=True)).to_have_count(0)
    viewer.goto(f"{stack.url}/system/isolation")
    expect(viewer.get_by_text("Only the staff of this installation")).to_be_visible()


def test_a_viewer_sees_names_of_secrets_alone(viewer: Page, stack: Stack, owner: Member, webtask: str):
    owner.api("PATCH", f"/{webtask}/secrets", json={"secrets": {"KEY": "s3cret-value"}})
    Desk(viewer, stack.url, webtask).open()
    viewer.get_by_role("button", name="Secrets").click()
    panel = viewer.get_by_role("region", name="Secrets")
    expect(panel.get_by_role("list", name="Secrets")).to_contain_text("KEY")
    expect(panel.get_by_role("button", name="Delete KEY")).to_have_count(0)
    assert "s3cret" not in viewer.content()


def test_a_viewer_reads_code_and_logs_and_changes_nothing(viewer: Page, stack: Stack, webtask: str):
    expect(viewer.get_by_label("New webtask")).to_have_count(0)
    desk = Desk(viewer, stack.url, webtask)
    desk.open()
    expect(viewer.get_by_test_id("link")).to_have_text("Live")
    expect(viewer.get_by_role("button", name="Run", exact=True)).to_have_count(0)
    expect(viewer.get_by_role("button", name="Publish")).to_have_count(0)
    desk.lines.first.click()
    viewer.keyboard.type("nothing of this arrives")
    expect(desk.lines.filter(has_text="arrives")).to_have_count(0)
    expect(desk.state).to_have_text("Saved")
