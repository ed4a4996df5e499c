"""Pictures of each page × theme × size of a running server:

python -m tests.browser.screenshots http://localhost:8000 demo@example.com PASSWORD FOLDER
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launch_options
from tests.browser.desk import sign_in

SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def editor(page: Page) -> None:
    """Painted, and in colour: other token classes than the plain one."""
    page.locator(".monaco-editor:visible .view-line span[class^=mtk]:not(.mtk1)").first.wait_for()


def ran(page: Page) -> None:
    editor(page)
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("answer").or_(page.get_by_role("alert")).first.wait_for()


def versions(page: Page) -> None:
    editor(page)
    page.get_by_role("button", name="Versions").click()
    page.get_by_test_id("version").first.wait_for()


def changes(page: Page) -> None:
    editor(page)
    page.locator(".monaco-editor .view-lines").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("// A line more\n")
    page.get_by_role("button", name="Versions").click()
    page.get_by_role("button", name="Compare v1 with draft").click()
    page.locator(".line-insert").first.wait_for()


def logs(page: Page) -> None:
    page.get_by_role("button", name="Logs", exact=True).click()


def publishing(page: Page) -> None:
    editor(page)
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_role("dialog").wait_for()


def menu(page: Page) -> None:
    editor(page)
    page.get_by_label("Account and theme").click()


def failure(page: Page) -> None:
    editor(page)
    if page.get_by_role("navigation", name="Views").is_visible():
        page.get_by_role("button", name="Run", exact=True).click()
    panel = page.get_by_role("region", name="Run")
    panel.get_by_text("Headers").first.click()
    panel.get_by_label("Headers, one").fill("not a header")
    panel.get_by_text("Line 1 is not").wait_for()


def settings(page: Page) -> None:
    editor(page)
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Wall time").wait_for()
    page.get_by_label("Only these").check()


def team(page: Page) -> None:
    page.get_by_label("Wall time").fill("1")
    page.get_by_label("CPU time").fill("a lot")


def walls(page: Page) -> None:
    """Attacked, once for all pictures; the first results do."""
    page.get_by_test_id("layer").first.wait_for()
    if page.get_by_test_id("attack-group").count() == 0:
        page.get_by_role("button", name="Run the attack suite").click()
    groups = page.get_by_test_id("attack-group")
    # By its name and by the keyboard: while the suite runs, others come before it and push it down.
    name = groups.locator("summary > span").first.inner_text()
    summary = page.locator("summary").filter(has=page.get_by_text(name, exact=True))
    summary.press("Enter")
    groups.filter(has=summary).get_by_test_id("attack").first.wait_for()


def nothing(_page: Page) -> None:
    """The page as it comes."""


Prepare = Callable[[Page], None]
SIGNED_OUT: dict[str, tuple[str, Prepare]] = {
    "landing": ("/", nothing),
    "signin": ("/signin", nothing),
    "missing": ("/nowhere", nothing),
}
LOGIN = (
    "/authorize?client_id=wt-cli&response_type=code&scope=openid&redirect_uri=http%3A%2F%2F127.0.0.1%3A8722"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
)
SIGNED_IN: dict[str, tuple[str, Prepare]] = {
    "dashboard": ("/t/acme", nothing),
    "workspace": ("/t/acme/hello", editor),
    "run": ("/t/acme/hello", ran),
    "versions": ("/t/acme/hello", versions),
    "version": ("/t/acme/hello?version=1", editor),
    "changes": ("/t/acme/hello", changes),
    "menu": ("/t/acme/hello", menu),
    "failure": ("/t/acme/hello", failure),
    "publish": ("/t/acme/hello", publishing),
    "settings": ("/t/acme/hello", settings),
    "team": ("/t/acme/@settings", team),
    "isolation": ("/system/isolation", walls),
    "login": (LOGIN, nothing),
}
NARROW_ONLY: dict[str, tuple[str, Prepare]] = {"logs": ("/t/acme/hello", logs)}


def shoot(browser: Browser, url: str, *, email: str, password: str, folder: Path, only: str = "") -> None:
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            page = context.new_page()
            _shoot_each(page, url, SIGNED_OUT, folder / f"{size}-{theme}", only)
            sign_in(page, url, email, password)
            pages = SIGNED_IN | (NARROW_ONLY if size == "narrow" else {})
            _shoot_each(page, url, pages, folder / f"{size}-{theme}", only)
            context.close()


def _shoot_each(page: Page, url: str, pages: dict[str, tuple[str, Prepare]], stem: Path, only: str) -> None:
    for name, (path, prepare) in pages.items():
        if only and only != name:
            continue
        page.goto(url + path)
        prepare(page)
        stem.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=stem.parent / f"{name}-{stem.name}.png", animations="disabled")


def main() -> None:
    url, email, password, folder, *only = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        shoot(browser, url, email=email, password=password, folder=Path(folder), only="".join(only))
        browser.close()


if __name__ == "__main__":
    main()
