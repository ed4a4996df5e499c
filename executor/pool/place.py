"""Reads where a guest's code is from what Node prints when it is interrupted (--trace-sigint).

    KEYBOARD_INTERRUPT: Script execution was interrupted by `SIGINT`
        at inner (hello.js:14:5)
        at listOnTimeout (node:internal/timers:635:17)
    (an empty line)

The guest could print all of this itself: it is its word about itself, shown to its own team alone.
"""

import asyncio
import re
from collections.abc import Collection

_BEGIN = b"KEYBOARD_INTERRUPT:"
_FRAME = re.compile(r"\s+at (?:.*? \()?(?P<file>.+):(?P<line>[0-9]{1,7}):[0-9]{1,7}\)?")


class Place:
    def __init__(self, files: Collection[str]) -> None:
        """`files` are those of the team: its own line tells more than one deep inside Node."""
        self._files = files
        self._begun = False
        self.text = ""  # " at hello.js:14", or "" when it is not known
        self.known = asyncio.Event()

    def take(self, raw: bytes) -> bool:
        """Given each line of standard error; False when it is none of the interruption's."""
        if self.known.is_set():
            return False
        if not self._begun:
            self._begun = raw.startswith(_BEGIN)
            return self._begun
        frame = _FRAME.fullmatch(raw[:300].decode(errors="replace"))
        if frame is None:
            self.known.set()
        elif not self.text and frame["file"] in self._files:
            self.text = f" at {frame['file']}:{int(frame['line'])}"
        return frame is not None or not raw
