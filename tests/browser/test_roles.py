"""What a role may not do, the workspace does not offer."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import Desk, sign_in
from tests.stack import ROOT, Stack

BOB = ("bob@example.com", "bob-may-only-look")
MAKE_BOB = f"""
from console.accounts.actions import add_member, create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import Team
bob = create_user("{BOB[0]}", password="{BOB[1]}", actor=SYSTEM, name="Bob")
add_member(Team.objects.get(slug="acme"), bob, "viewer", actor=SYSTEM)
"""


@pytest.fixture
def viewer(browser: Browser, stack: Stack, complaints: Complaints) -> Iterator[Page]:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_BOB],
        cwd=ROOT,
        env={**os.environ, "WEBTASKS_DATA": str(stack.data), "WEBTASKS_PORT": str(stack.port)},
        check=True,
    )
    context = browser.new_context()
    complaints.watch(context)
    page = context.new_page()
    sign_in(page, stack.url, *BOB)
    yield page
    context.close()


def test_a_viewer_reads_code_and_logs_and_changes_nothing(viewer: Page, stack: Stack, webtask: str):
    expect(viewer.get_by_label("New webtask")).to_have_count(0)
    desk = Desk(viewer, stack.url, webtask)
    desk.open()
    expect(viewer.get_by_test_id("link")).to_have_text("Live")
    expect(viewer.get_by_role("banner").get_by_role("button", name="Run")).to_be_disabled()
    expect(viewer.get_by_role("banner").get_by_role("button", name="Publish")).to_be_disabled()
    desk.lines.first.click()
    viewer.keyboard.type("nothing of this arrives")
    expect(desk.lines.filter(has_text="arrives")).to_have_count(0)
    expect(desk.state).to_have_text("Saved")
