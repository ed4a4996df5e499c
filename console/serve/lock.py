"""One server per data folder: two would share a database and fight for the socket."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """The text is for the person who started us."""


@contextmanager
def sole_server(run: Path) -> Iterator[None]:
    """Held until the process ends, however it ends. Raises Taken."""
    run.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(run / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Taken(
            f"Another server is running with {run.parent}. Stop it, or set WEBTASKS_DATA to a folder of this one's own."
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)
