"""One server per data folder: two would share a database and fight for the socket."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """The text is for the person who started us."""


_NAME = "serve.lock"


@contextmanager
def sole_server(run: Path, *, keys: Sequence[str] = ()) -> Iterator[None]:
    """Held until the process ends, however it ends; `keys` are the ids of those that it knows. Raises Taken."""
    run.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(run / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Taken(
            f"Another server is running with {run.parent}. Stop it, or set WEBTASKS_DATA to a folder of this one's own."
        ) from None
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, " ".join(keys).encode())
        yield
    finally:
        os.close(descriptor)


def keys_of_server(run: Path) -> list[str] | None:
    """Of the keys that the server knows which runs, their ids; None when there is none."""
    try:
        descriptor = os.open(run / _NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(descriptor, 4096).decode().split()
    else:
        return None
    finally:
        os.close(descriptor)
