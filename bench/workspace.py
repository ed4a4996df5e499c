"""What a person waits for in the workspace, beside a blank page: in Debian's Chromium, on loopback."""

import re
import statistics
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.report import Figure, Outcome, markdown
from bench.stand import TEAM, standing
from tests.browser.chromium import launch_options
from tests.browser.desk import Desk, sign_in
from tests.stack import Stack

TITLE = "The workspace"
_NAME = "hello"
_BLANK = b"<!doctype html><html lang=en><title>Blank</title><p>Blank"
_MIB = 1 << 20
# Until something is drawn, by the page's own clock: a driver's round trips would count otherwise.
_UNTIL = """([since, selector]) => new Promise((resolve) => {
  const look = () => document.querySelector(selector) ? resolve(performance.now() - since) : requestAnimationFrame(look);
  look();
})"""
_PRESSED = (
    "addEventListener('keydown', (event) => (window.pressed = event.timeStamp), true);"
    "window.slow = []; new PerformanceObserver((list) => window.slow.push(...list.getEntries().map((one) => one.duration)))"
    ".observe({ type: 'event', durationThreshold: 16 });"
)
_COLOURED = ".monaco-editor .view-line span[class^=mtk]:not(.mtk1)"


@dataclass(frozen=True, slots=True)
class Budget:
    """`most` is milliseconds on a quiet machine of this size, `ratio` how many times what a blank page takes there."""

    what: str
    most: float
    ratio: float


BUDGETS = {
    "shell": Budget("first paint of the workspace, cold", 250, 5),
    "editor": Budget("the editor, painted in colour, cold", 1500, 30),
    "warm": Budget("the same with a warm cache", 1500, 30),
    "suggestion": Budget("suggestions after “ctx.”, warm", 500, 10),
    "key": Budget("a key until it is drawn, 95th percentile", 50, 1),
    "view": Budget("another view, seen before", 100, 2),
    "diff": Budget("the diff, seen before", 250, 5),
}
_HEAP = 120


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(_BLANK)))
        self.end_headers()
        self.wfile.write(_BLANK)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def _blank() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Blank)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def run(data: Path, *, rounds: int) -> Outcome:
    """The table: every round has a browser profile of its own and paints the blank page first."""
    taken: dict[str, list[float]] = defaultdict(list)
    with standing(data) as stand, _blank() as blank, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for _ in range(rounds):
            for name, value in _round(browser, stand.stack, blank).items():
                taken[name].append(value)
        browser.close()
    rows = [_row(taken, name, budget) for name, budget in BUDGETS.items()]
    blank_ms, heap = statistics.median(taken["blank"]), statistics.median(taken["heap"])
    table = markdown(["what", "budget", "measured", "of a blank page", "budget", "within"], rows)
    words = f"A blank page: {blank_ms:.0f} ms. Heap after all of this: {heap:.0f} MiB (budget {_HEAP})."
    return Outcome(f"{table}\n\n{words}", [_figure(taken)])


def _row(taken: dict[str, list[float]], name: str, budget: Budget) -> list[str]:
    ratio = _ratio(taken, name)
    return [
        budget.what,
        f"{budget.most:g} ms",
        f"{statistics.median(taken[name]):.0f} ms",
        f"**{ratio:.1f}**",
        f"{budget.ratio:g}",
        "yes" if ratio <= budget.ratio else "no",
    ]


def _ratio(taken: dict[str, list[float]], name: str) -> float:
    return statistics.median(value / blank for value, blank in zip(taken[name], taken["blank"], strict=True))


def _figure(taken: dict[str, list[float]]) -> Figure:
    within = [name for name, budget in BUDGETS.items() if _ratio(taken, name) <= budget.ratio]
    told = f"{len(within)} of {len(BUDGETS)}"
    return Figure("waits in the workspace within their budgets", "all", told, len(within) == len(BUDGETS))


def _round(browser: Browser, stack: Stack, blank: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.goto(blank)
        found = {"blank": _painted(page)}
        sign_in(page, stack.url, stack.email, stack.password)
        page.close()
        page = context.new_page()
        page.add_init_script(_PRESSED)
        desk = Desk(page, stack.url, _NAME, team=TEAM)
        for name in ("editor", "warm"):
            page.goto(desk.path)
            found[name] = page.evaluate(_UNTIL, [0, _COLOURED])
            found.setdefault("shell", _painted(page))
        return found | _at_work(desk)
    finally:
        context.close()


def _painted(page: Page) -> float:
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    paint: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    return paint


def _at_work(desk: Desk) -> dict[str, float]:
    """The times of somebody who edits, looks around and compares."""
    page = desk.page
    page.locator(".monaco-editor .view-lines").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    times = [_suggestion(page) for _ in range(3)]
    page.evaluate("window.slow.length = 0")
    page.keyboard.type("// what a person writes when nobody asks anything of it", delay=40)
    keys = sorted(page.evaluate("window.slow")) or [16.0]
    switch = partial(_shown, page)
    found: dict[str, Callable[[], float]] = {
        "view": lambda: switch("Secrets", "section[aria-label=Secrets] h2"),
        "diff": lambda: switch("Changes", ".line-insert"),
    }
    for seen in found.values():
        seen()
        switch("Code", ".code .view-line")
    return {
        "suggestion": times[-1],
        "key": keys[int(len(keys) * 0.95) - 1],
        "heap": _heap(page),
        **{name: seen() for name, seen in found.items()},
    }


def _suggestion(page: Page) -> float:
    page.keyboard.type("ctx.")
    took: float = page.evaluate(
        _UNTIL, [page.evaluate("window.pressed"), ".suggest-widget.visible .monaco-list-row"]
    )
    page.keyboard.press("Escape")
    for _ in "ctx.":
        page.keyboard.press("Backspace")
    return took


def _shown(page: Page, view: str, selector: str) -> float:
    button = page.get_by_role("navigation", name="Views").get_by_role("button", name=re.compile(f"^{view}"))
    since: float = button.evaluate(
        "(button) => { const now = performance.now(); button.click(); return now; }"
    )
    took: float = page.evaluate(_UNTIL, [since, selector])
    return took


def _heap(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / _MIB
