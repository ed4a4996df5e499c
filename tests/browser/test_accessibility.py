"""axe finds nothing on any page, in both themes, wide and narrow."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import sign_in
from tests.browser.screenshots import GUEST, SIGNED_IN, SIGNED_OUT, SIZES, THEMES, Prepare
from tests.stack import ROOT, Stack

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Those that look at colours: all others find the same in each theme.
COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    result = page.evaluate("rules => axe.run({ runOnly: rules })", rules)
    return [
        f"{found['id']}: {node['html'][:200]} | {node.get('failureSummary', '')}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def walk(page: Page, url: str, pages: dict[str, tuple[str, Prepare]]) -> Iterator[tuple[str, list[str]]]:
    """Each begins in the theme that the one before it ended in, so that half of them are drawn in each."""
    for name, (path, prepare) in pages.items():
        page.goto(url + path)
        prepare(page)
        expect(page.locator("h1")).to_have_count(1)
        yield f"{name}, {theme(page)}", violations(page)
        turn(page)
        yield f"{name}, turned {theme(page)}", violations(page, COLOURS)


def turn(page: Page) -> None:
    """To the other theme, and until nothing is half way from one colour to another."""
    page.emulate_media(color_scheme=next(other for other in THEMES if other != theme(page)))
    page.evaluate("""async () => {
      // One frame tells it to the page, the next begins what moves.
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
      await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})));
    }""")


def theme(page: Page) -> str:
    return "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"


@pytest.mark.timeout(900)  # axe reads every element of every page
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_in_either_theme(size: str, browser: Browser, stack: Stack, complaints: Complaints):
    complaints.expect("status of 4(04|12)")
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
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
