"""Removes what sandboxes left in directories of the host, however deep and odd: they made it."""

import contextlib
import itertools
import os
from collections import deque
from pathlib import Path

from executor.sandbox import owner


def clear(path: Path) -> None:
    """A directory with all that is in it. Raises OSError when something stays; then it can be tried again."""
    heap = path.with_name(f"{path.name}.gone")
    heap.mkdir(exist_ok=True)
    waiting = deque(heap.iterdir())
    names = itertools.count(1 + max((int(left.name) for left in waiting), default=0))
    with contextlib.suppress(FileNotFoundError):
        waiting.append(_move(path, heap / str(next(names))))
    while waiting:
        directory = waiting.popleft()
        # Up to the heap: no path grows too long, no call too deep.
        waiting += [_move(inner, heap / str(next(names))) for inner in _empty(directory)]
        directory.rmdir()
    heap.rmdir()


def _empty(directory: Path) -> list[Path]:
    """Removes its files; returns its directories."""
    with os.scandir(directory) as found:
        entries = list(found)
    inner = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    for entry in entries:
        if not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.path)
    return inner


def _move(directory: Path, to: Path) -> Path:
    # Without the right to write to a directory neither its parent nor its content can be changed.
    directory.chmod(0o700)
    return directory.rename(to)


def clear_dead(parent: Path) -> None:
    """Those of zygotes that are no more; what does not go is left to the next time."""
    for left in sorted(parent.glob(owner.pattern())):
        name = left.name.removesuffix(".gone")
        if not owner.alive(name):
            with contextlib.suppress(OSError):
                clear(left)
