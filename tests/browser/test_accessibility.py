"""axe finds nothing on any page, in both themes, wide and narrow."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import sign_in
from tests.browser.screenshots import GUEST, SIGNED_IN, SIGNED_OUT, SIZES, THEMES, Prepare, Theme
from tests.stack import ROOT, Stack

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    result = page.evaluate("tags => axe.run({ runOnly: tags })", RULES)
    return [
        f"{found['id']}: {node['html'][:200]} | {node.get('failureSummary', '')}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def walk(page: Page, url: str, pages: dict[str, tuple[str, Prepare]]) -> Iterator[tuple[str, list[str]]]:
    for name, (path, prepare) in pages.items():
        page.goto(url + path)
        prepare(page)
        expect(page.locator("h1")).to_have_count(1)
        yield name, violations(page)


@pytest.mark.timeout(300)  # axe reads every element of every page
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(size: str, theme: Theme, browser: Browser, stack: Stack, complaints: Complaints):
    complaints.expect("status of 4(04|12)")
    width, height = SIZES[size]
    # Without motion: half way from one colour to another nothing has the contrast of either.
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
    )
    context.add_init_script(path=AXE)
    complaints.watch(context)
    page = context.new_page()
    found = dict(walk(page, stack.url, SIGNED_OUT))
    found |= dict(walk(page, stack.url, GUEST))
    context.clear_cookies()
    sign_in(page, stack.url, stack.email, stack.password)
    found |= dict(walk(page, stack.url, SIGNED_IN))
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
