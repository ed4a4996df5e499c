"""What a person does at the workspace, in their words."""

import re
import time

from playwright.sync_api import Locator, Page, expect

PATIENCE = 60  # seconds; only what never comes takes that long


def sign_in(page: Page, url: str, email: str, password: str, *, home: str = "acme") -> None:
    page.goto(f"{url}/signin")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(rf"/t/{home}"))


def show(page: Page, view: str) -> None:
    """Of the workspace; on a narrow screen most are behind More."""
    views = page.get_by_role("navigation", name="Views")
    more = views.locator("[popovertarget]")
    if more.is_visible() and not views.get_by_role("button", name=view, exact=True).is_visible():
        more.click()
    views.get_by_role("button", name=view, exact=True).click()


class Desk:
    def __init__(self, page: Page, url: str, webtask: str, *, team: str = "acme") -> None:
        self.page = page
        self.webtask = webtask
        self.team = team
        self.path = f"{url}/t/{team}/{webtask}"

    def open(self, query: str = "") -> None:
        self.page.goto(self.path + query)
        self.lines.first.wait_for()

    @property
    def lines(self) -> Locator:
        """What Monaco draws; of the editor in sight."""
        return self.page.locator(".monaco-editor .view-line:visible")

    @property
    def state(self) -> Locator:
        return self.page.get_by_test_id("state")

    @property
    def live(self) -> Locator:
        return self.page.get_by_test_id("live")

    @property
    def answer(self) -> Locator:
        return self.page.get_by_test_id("answer")

    @property
    def log(self) -> Locator:
        return self.page.get_by_test_id("log-line")

    def write(self, code: str) -> None:
        """Replaces the whole text by a paste: typed text would be indented and completed on the way."""
        self.page.locator(".monaco-editor .view-lines:visible").first.click()
        self.page.keyboard.press("Control+A")
        self.page.evaluate("text => navigator.clipboard.writeText(text)", code)
        self.page.keyboard.press("Control+V")

    def completed(self, name: str) -> bool:
        """Whether it is among what the editor suggests where the cursor is: asked again until what the page still fetches is there."""
        row = self.page.locator(".suggest-widget.visible .monaco-list-row").filter(has_text=name)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("Control+Space")
            self.page.locator(".suggest-widget.visible").wait_for()
            if row.count():
                return True
        return False

    def save(self) -> None:
        self.page.keyboard.press("Control+S")
        expect(self.state).to_have_text(re.compile(r"Draft saved \d\d:\d\d"))

    def run(self) -> None:
        self.page.keyboard.press("Control+Enter")
        self.answer.wait_for()

    def publish(self, message: str) -> None:
        self.page.keyboard.press("Control+Shift+Enter")
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("What changed").fill(message)
        dialog.get_by_role("button", name=re.compile("^Publish")).click()
        expect(dialog).to_be_hidden()

    def versions(self) -> Locator:
        show(self.page, "Versions")
        return self.page.get_by_test_id("version")
