"""The row of files over the editor, as a person uses it."""

from playwright.sync_api import Locator, Page, expect

from tests.stack import Member

CODE = 'const add = require("./lib/add");\nmodule.exports = (ctx, cb) => cb(null, { sum: add(1, 2) });\n'
ADD = "module.exports = (a, b) => a + b;\n"


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab").and_(page.locator(f'[data-file="{name}"]'))


def create(page: Page, name: str) -> None:
    page.get_by_role("button", name="New file").click()
    page.get_by_label("Name of the new file").fill(name)
    page.get_by_role("button", name="Create").click()
    expect(tab(page, name)).to_have_attribute("aria-selected", "true")


def files_of(owner: Member, webtask: str) -> dict[str, str]:
    found: dict[str, str] = owner.api("GET", f"/{webtask}").json()["draft"]["files"]
    return found
