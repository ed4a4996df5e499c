"""What the server would send: without a mail server, letters are in its log."""

import re
import threading
import time
from pathlib import Path

PATIENCE = 60  # seconds; only a letter that never comes takes that long


class Letters:
    """Those that come from now on."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = log.stat().st_size

    def to(self, address: str) -> str:
        """The next to that address."""
        form = re.compile(rf"^To: {re.escape(address)}\n.*?^Webtasks at \S+$", re.MULTILINE | re.DOTALL)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            text = self._log.read_bytes()[self._read :].decode()
            if found := form.search(text):
                self._read += len(text[: found.end()].encode())
                return found[0]
            threading.Event().wait(0.05)
        raise AssertionError(f"no letter to {address} came")


def code_in(letter: str) -> str:
    found = re.search(r"^    (\S+)$", letter, re.MULTILINE)
    assert found, letter
    return found[1]


def link_in(letter: str) -> str:
    found = re.search(r"https?://\S+/\S+", letter)
    assert found, letter
    return found[0]
