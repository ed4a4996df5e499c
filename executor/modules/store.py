"""Where the executor keeps the packages that its sandboxes read: what everybody has, and sets of them by digest."""

import shutil
import time
from pathlib import Path

from executor.modules import platform_set
from executor.runtimes.node import PLATFORM

# Whoever knows a digest may pass, and nobody may list, not even its owner, who is also who sandboxes are where an
# ordinary user runs them.
_PASSABLE = 0o311
# Since it was last begun to be used; whoever wants it again gets it from the console.
KEEP_SECONDS = 30 * 24 * 3600.0


def place(data: Path) -> Path:
    return data / "roots" / "modules"


def prepare(data: Path) -> Path:
    """The directory, with what everybody has. Raises OSError."""
    store = place(data)
    store.mkdir(parents=True, exist_ok=True)
    store.chmod(0o700)
    # What a killed executor left half done.
    for left in (*store.glob(".*"), *store.parent.glob(".archive-*")):
        left.unlink() if left.is_file() else shutil.rmtree(left, ignore_errors=True)
    for found in store.iterdir():
        if found.name != PLATFORM and found.stat().st_mtime < time.time() - KEEP_SECONDS:
            shutil.rmtree(found, ignore_errors=True)
    platform_set.place(store)
    store.chmod(_PASSABLE)
    return store
