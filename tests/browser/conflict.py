"""A draft that somebody saved elsewhere, as a picture wants it: the server's refusal is made up, the rest is real."""

import json

from playwright.sync_api import Page, Route


def _refuse(route: Route) -> None:
    lines = json.loads(route.request.post_data or "{}")["code"].splitlines()
    # The person's line is the last; the first is changed there alone.
    theirs = "\n".join(["// Changed elsewhere", *lines[1:-1], "// A line from elsewhere", ""])
    current = {
        "code": theirs,
        "files": {},
        "base": 1,
        "etag": "elsewhere",
        "saved_at": "2026-11-30T09:00:00Z",
    }
    route.fulfill(status=412, json={"title": "Stale", "status": 412, "id": "stale", "current": current})


def conflict(page: Page) -> None:
    page.locator(".monaco-editor:visible .view-line span[class^=mtk]:not(.mtk1)").first.wait_for()
    page.route("**/draft", _refuse)
    page.locator(".monaco-editor .view-lines").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("// A line from here")
    page.get_by_test_id("conflict").wait_for()
    page.unroute("**/draft", _refuse)


def merging(page: Page) -> None:
    conflict(page)
    page.get_by_role("button", name="Merge").click()
    page.get_by_role("dialog").get_by_test_id("hunk").first.wait_for()


def copies(page: Page) -> None:
    """With the one that taking theirs left, opened."""
    conflict(page)
    page.get_by_role("button", name="Take theirs").click()
    page.get_by_test_id("conflict").wait_for(state="hidden")
    page.keyboard.press("Control+K")
    find = page.get_by_role("combobox", name="Find a command")
    find.fill("copies")
    find.press("Enter")
    page.get_by_test_id("copy").locator("summary").first.click()
