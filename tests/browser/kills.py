"""A person who types while everything around them dies: server, network, tab, browser."""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect

from tests.browser.chromium import launch_options
from tests.browser.desk import sign_in
from tests.stack import Stack

LETTERS = "abcdefghij klmnop \n(){}'\"é✓𝒳"
# Whether IndexedDB has what is typed: what was on its way before this reads is done by then.
HELD = """async (typed) => {
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await done(indexedDB.open("webtasks", 1));
  const rows = await done(database.transaction("kept").objectStore("kept").getAll());
  database.close();
  const newest = rows.toSorted((one, other) => (one.at < other.at ? 1 : -1))[0];
  return newest?.code === typed || (newest && newest.code === undefined);
}"""


def descendants(root: int) -> dict[int, str]:
    """Processes below one, with their command lines."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found: dict[int, str] = {}
    below = {root}
    while below:
        below = {pid for pid, parent in parents.items() if parent in below}
        for pid in below:
            try:
                found[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
    return found


@dataclass
class Typist:
    """One webtask, one browser profile. `typed` is what must be there again, whatever died."""

    playwright: Playwright
    stack: Stack
    profile: Path
    webtask: str
    random: random.Random
    seed: str
    typed: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def start(self) -> None:
        """The browser. A touch screen's plain editor: Monaco's megabytes would be compiled for each death."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            **launch_options(),
            has_touch=True,
            viewport={"width": 700, "height": 800},
            service_workers="block",
        )
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.stack.url} for name, value in self.cookies.items()]
        )
        self.page = self.context.pages[0]

    def sign_in(self) -> None:
        """Once: Chromium writes its cookies to the disk half a minute later, when it may be dead."""
        sign_in(self.page, self.stack.url, self.stack.email, self.stack.password)
        self.cookies = {one["name"]: one["value"] for one in self.context.cookies()}

    @property
    def area(self) -> Locator:
        return self.page.get_by_role("textbox", name="Code of acme")

    @property
    def browser(self) -> int:
        """Chromium's own process: the one of this profile that is nobody's helper."""
        ours = f"--user-data-dir={self.profile}"
        return next(
            pid for pid, line in descendants(os.getpid()).items() if ours in line and "--type=" not in line
        )

    def open(self) -> None:
        self.page.goto(f"{self.stack.url}/t/acme/{self.webtask}")
        self.area.wait_for()

    @property
    def sight(self) -> str:
        """What a person would tell of it."""
        try:
            words = self.page.locator("body").inner_text(timeout=5000)
        except Error as error:
            return str(error)
        kept = self.page.evaluate("() => JSON.stringify(localStorage)")
        return f"{self.page.url} {words[:1000]!r} {kept}"

    def type(self, count: int) -> None:
        """Each key is in `typed` when the page has had it."""
        for _ in range(count):
            key = self.random.choice(LETTERS)
            self.page.keyboard.insert_text(key)
            self.typed += key

    def burst(self) -> None:
        """Keys, sometimes a pause, sometimes a save that is on its way when death comes."""
        self.area.press("Control+End")
        self.type(self.random.randint(1, 8))
        if self.random.random() < 0.4:
            self.page.keyboard.press("Control+S")
        if self.random.random() < 0.3:
            self.page.wait_for_timeout(self.random.choice([5, 50, 300, 900]))
        self.type(self.random.randint(0, 3))

    def type_until_dead(self, kill: Callable[[], None]) -> str:
        """Goes on typing while something kills the browser. Returns the keys, whose writes may be on their way."""
        killer = threading.Timer(self.random.uniform(0, 0.05), kill)
        killer.start()
        keys = ""
        try:
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                keys += self.random.choice(LETTERS)
                self.page.keyboard.insert_text(keys[-1])
        except Error:
            return keys
        finally:
            killer.join()
        raise AssertionError("the browser outlived its death")

    def check(self, where: str, maybe: str = "") -> None:
        """The page shows all that was typed; of `maybe`, whose fate nobody knows, a beginning without a gap."""
        shown = self.area.input_value()
        whole = shown.startswith(self.typed) and (self.typed + maybe).startswith(shown)
        assert whole, f"after {where}: {len(self.typed)} characters typed, {len(shown)} there"
        self.typed = shown
        expect(self.page.get_by_test_id("state")).not_to_have_text("Someone saved elsewhere")

    def saved(self) -> None:
        expect(self.page.get_by_test_id("state")).to_contain_text("Draft saved")

    def stop(self) -> None:
        if hasattr(self, "context"):
            self.context.close()
        self.stack.stop()

    # What dies.

    def kill_network(self) -> None:
        self.burst()
        self.context.set_offline(True)
        self.burst()
        self.context.set_offline(False)
        self.check("an outage")

    def kill_tab(self) -> None:
        self.burst()
        old = self.page
        how = self.random.choice(["close", "reload", "crash"])
        if how == "reload":
            self.open()
        elif how == "close":
            self.page = self.context.new_page()
            old.close()
            self.open()
        else:
            # Not by a signal: which renderer is this page's is not told, and one in reserve must live.
            with contextlib.suppress(Error):
                old.goto("chrome://crash", timeout=5000)
            self.page = self.context.new_page()
            old.close()
            self.open()
        self.check(f"a tab's {how}")

    def kill_tab_offline(self) -> None:
        """What was typed is on the device alone."""
        self.context.set_offline(True)
        self.burst()
        old, self.page = self.page, self.context.new_page()
        old.close()
        self.context.set_offline(False)
        self.open()
        self.check("a tab closed in an outage")

    def kill_browser(self) -> None:
        self.burst()
        self.page.wait_for_function(HELD, arg=self.typed)
        pid = self.browser
        maybe = self.type_until_dead(lambda: os.kill(pid, signal.SIGKILL))
        with contextlib.suppress(Error):
            self.context.close()
        self.start()
        self.open()
        self.check("a browser's death", maybe)

    def kill_server(self) -> None:
        self.burst()
        killer = threading.Timer(
            self.random.uniform(0, 0.1), lambda: os.killpg(self.stack.process.pid, signal.SIGKILL)
        )
        killer.start()
        self.burst()
        killer.join()
        self.stack.process.wait()
        self.burst()
        if self.random.random() < 0.5:
            # In this order: with its last page Chromium forgets cookies without a date, as those after its death are.
            old, self.page = self.page, self.context.new_page()
            old.close()
            self.stack = Stack.start(self.stack.data, port=self.stack.port)
            self.open()
        else:
            self.stack = Stack.start(self.stack.data, port=self.stack.port)
        self.check("a server's death")
