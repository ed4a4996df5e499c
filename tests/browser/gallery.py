"""The screenshots of a server started for them: `python -m tests.browser.gallery FOLDER`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch_options
from tests.browser.screenshots import shoot
from tests.stack import Stack


def main() -> None:
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        stack = Stack.start(Path(data))
        browser = playwright.chromium.launch(**launch_options())
        try:
            shoot(browser, stack.url, email=stack.email, password=stack.password, folder=folder)
        finally:
            browser.close()
            stack.stop()


if __name__ == "__main__":
    main()
