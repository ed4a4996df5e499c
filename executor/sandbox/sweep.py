"""What a killed zygote left: control groups, and whoever should still be in them."""

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

from executor.sandbox import owner
from executor.sandbox.group import remove
from executor.sandbox.hierarchy import Place


def sweep(places: Iterable[Place]) -> None:
    """Removes the groups of zygotes that are no more. Blocks until their last processes are gone, 2 s at most each."""
    for place in places:
        for left in sorted(place.path.glob(owner.pattern())):
            # Another launcher may sweep it at the same time.
            with contextlib.suppress(OSError):
                _raze_dead(left)


def _raze_dead(left: Path) -> None:
    """Its groups first; one that does not go is left to the next sweep."""
    if owner.alive(left.name):
        return
    for group in [*(path for path in left.iterdir() if path.is_dir()), left]:
        _kill(group)
        parent = os.open(group.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            remove(group.name, parent)
        finally:
            os.close(parent)


def _kill(group: Path) -> None:
    for pid in (group / "cgroup.procs").read_text().split():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(int(pid), signal.SIGKILL)
