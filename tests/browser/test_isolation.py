"""System → Isolation: the walls of the node under test, probed and attacked from the page."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stack import Member, Stack

SUITE_MS = 240_000


def open_page(page: Page, stack: Stack) -> Locator:
    """Returns the node's part of it."""
    page.goto(f"{stack.url}/t/acme")
    page.get_by_role("link", name="System", exact=True).click()
    expect(page).to_have_url(f"{stack.url}/system/isolation")
    node = page.get_by_test_id("executor")
    expect(node.get_by_test_id("standing")).to_have_text("Serving")
    return node


def test_each_wall_says_how_it_stands(page: Page, stack: Stack):
    node = open_page(page, stack)
    layers = node.get_by_test_id("layer")
    expect(layers.filter(has_text="seccomp")).to_contain_text("Active")
    expect(node.get_by_test_id("walls")).to_have_text(re.compile(rf"^{layers.count()} walls: \d+ active"))
    for layer in layers.all():
        expect(layer.get_by_text(re.compile("^(Active|Weaker|Missing|Done without)$"))).to_be_visible()
    expect(node.get_by_test_id("runtime").filter(has_text="node")).to_contain_text("system calls")
    node.get_by_text("Kernel", exact=True).click()
    expect(node.get_by_text("release", exact=True)).to_be_visible()


def test_probing_again_looks_at_every_runtime_now(page: Page, stack: Stack):
    node = open_page(page, stack)
    before = node.locator("header time").get_attribute("datetime")
    node.get_by_role("button", name="Probe again").click()
    expect(node.locator("header time")).not_to_have_attribute("datetime", before or "", timeout=60_000)
    expect(node.get_by_role("button", name="Probe again")).to_be_visible()
    expect(node.get_by_test_id("runtime").filter(has_text="python")).to_be_visible()


@pytest.mark.timeout(900)  # two hundred programs, each in a sandbox of its own
def test_the_attack_suite_runs_live_and_its_results_stay(page: Page, stack: Stack):
    node = open_page(page, stack)
    # Another test's run may be under way: one at a time.
    node.get_by_role("button", name="Run the attack suite").click(timeout=SUITE_MS)
    expect(node.get_by_role("button", name="Attacking…")).to_be_visible()
    expect(node.get_by_test_id("attack-summary")).to_contain_text("Running")
    # Some are there before all are.
    expect(node.get_by_test_id("attack-group").first).to_be_visible(timeout=SUITE_MS)
    expect(node.get_by_test_id("attack-summary")).to_have_text(
        re.compile(r"All \d{3} attacks held"), timeout=SUITE_MS
    )
    count = node.get_by_test_id("attack").count()
    assert count >= 120
    page.reload()
    expect(node.get_by_test_id("attack")).to_have_count(count)
    expect(node).to_contain_text(f"Started by {stack.email}")
    expect(node.get_by_test_id("attack").first).to_be_hidden()
    page.get_by_label("Show every result").check()
    expect(node.get_by_test_id("attack").first).to_be_visible()
    expect(node.get_by_test_id("attack").last).to_be_visible()


def test_what_only_an_attack_does_is_listed_while_one_looks(page: Page, stack: Stack, owner: Member):
    """Here: words on the channel to the executor that are no frames."""
    owner.publish("breaker", "module.exports = (cb) => require('fs').writeSync(3, Buffer.alloc(64, 255))")
    open_page(page, stack)
    known = page.get_by_test_id("event").count()
    assert httpx.get(f"{stack.url}/api/run/acme/breaker").status_code >= 500
    event = page.get_by_test_id("event").first
    expect(page.get_by_test_id("event")).to_have_count(known + 1)
    expect(event).to_contain_text("protocol")
    expect(event).to_contain_text("acme/breaker v1")
