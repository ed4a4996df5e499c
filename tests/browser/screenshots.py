"""Pictures of each page × theme × size of a running server:

python -m tests.browser.screenshots http://localhost:8000 demo@example.com PASSWORD FOLDER
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import poses
from tests.browser.chromium import launch_options
from tests.browser.conflict import copies, merging
from tests.browser.desk import sign_in

SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
Theme = Literal["light", "dark"]
# What the system asks for. The third theme is a person's choice, in either of these: tests/browser/test_keys.py.
THEMES: tuple[Theme, ...] = ("light", "dark")


Prepare = Callable[[Page], None]
SIGNED_OUT: dict[str, tuple[str, Prepare]] = {
    "landing": ("/", poses.shown),
    "templates": ("/templates", poses.nothing),
    "template": ("/templates/several-files", poses.nothing),
    "signin": ("/signin", poses.nothing),
    "signup": ("/signup", poses.nothing),
    "signup-passkey": ("/signup/passkey", poses.nothing),
    "reset": ("/account/password/reset", poses.nothing),
    "missing": ("/nowhere", poses.nothing),
    "uninvited": ("/join/nobody", poses.nothing),
}
# Of somebody without an account, who comes by the first.
GUEST: dict[str, tuple[str, Prepare]] = {
    "guest": ("/new", poses.editor),
    "guest-team": ("/", poses.nothing),
    "keep": ("/keep", poses.nothing),
    "keep-by-passkey": ("/keep?by=passkey", poses.nothing),
}
LOGIN = (
    "/authorize?client_id=wt-cli&response_type=code&scope=openid&redirect_uri=http%3A%2F%2F127.0.0.1%3A8722"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
)
SIGNED_IN: dict[str, tuple[str, Prepare]] = {
    # First: later it would ask once more who one is.
    "login": (LOGIN, poses.nothing),
    "dashboard": ("/t/acme", poses.nothing),
    "dashboard-empty": ("/t/acme?q=nothing", poses.nothing),
    "delete-webtasks": ("/t/acme", poses.marked),
    "use-template": ("/templates/slack-command", poses.nothing),
    "workspace": ("/t/acme/hello", poses.editor),
    "run": ("/t/acme/hello", poses.ran),
    "versions": ("/t/acme/hello", poses.versions),
    "version": ("/t/acme/hello?view=versions&version=1", poses.editor),
    "compared": ("/t/acme/hello?view=versions&version=1&against=draft", poses.compared),
    "changes": ("/t/acme/hello", poses.changes),
    "hunks": ("/t/acme/hello", poses.hunks),
    "logs": ("/t/acme/hello", poses.logs),
    "menu": ("/t/acme/hello", poses.menu),
    "commands": ("/t/acme/hello", poses.palette),
    "keyboard": ("/t/acme/hello", poses.sheet),
    "failure": ("/t/acme/hello", poses.failure),
    "request": ("/t/acme/hello", poses.request),
    "publish": ("/t/acme/hello", poses.publishing),
    "fork": ("/t/acme/hello", poses.forking),
    "drafts": ("/t/acme/hello?view=drafts", poses.drafts),
    "merge": ("/t/acme/hello", merging),
    "copies": ("/t/acme/hello", copies),
    "secrets": ("/t/acme/hello?view=secrets", poses.secret),
    "storage": ("/t/acme/hello?view=storage", poses.storage),
    "schedule": ("/t/acme/hello?view=schedule", poses.schedule),
    "modules": ("/t/acme/hello?view=modules", poses.modules),
    "settings": ("/t/acme/hello", poses.settings),
    "team": ("/t/acme/@settings", poses.team),
    "teams": ("/t/acme", poses.teams),
    "new-team": ("/teams/new", poses.nothing),
    "leave-team": ("/t/acme/@leave", poses.nothing),
    "transfer-team": ("/t/acme/@transfer", poses.nothing),
    "delete-team": ("/t/acme/@delete", poses.nothing),
    "members": ("/t/acme/@members", poses.nothing),
    "invited": ("/t/acme/@members", poses.invited),
    "tokens": ("/t/acme/@tokens", poses.issuing),
    "audit": ("/t/acme/@audit", poses.unfolded),
    "activity": ("/account/activity", poses.unfolded),
    "isolation": ("/system/isolation", poses.walls),
    "account": ("/account", poses.nothing),
    "address": ("/account/address", poses.nothing),
    "password": ("/account/password", poses.nothing),
    "security": ("/account/security", poses.nothing),
    "sessions": ("/account/sessions", poses.nothing),
    "confirm": ("/account/confirm", poses.nothing),
}


def shoot(browser: Browser, url: str, *, email: str, password: str, folder: Path, only: str = "") -> None:
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            page = context.new_page()
            _shoot_each(page, url, SIGNED_OUT, folder / f"{size}-{theme}", only)
            _shoot_each(page, url, GUEST, folder / f"{size}-{theme}", only)
            context.clear_cookies()
            sign_in(page, url, email, password)
            _shoot_each(page, url, SIGNED_IN, folder / f"{size}-{theme}", only)
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
