"""The files that hold the installation's key and the old ones, renewed so that no crash loses any."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEY, OLD = "secret_key", "secret_key_fallbacks"


def renew(folder: Path) -> None:
    """A new key; the one before is the first of the old ones. Raises OSError."""
    with _alone(folder):
        current = (folder / KEY).read_text(encoding="ascii").strip()
        # First of all: from here on it stands in both files, until the new one takes its place.
        _write(folder / OLD, "".join(f"{key}\n" for key in dict.fromkeys([current, *old_keys(folder / OLD)])))
        _write(folder / KEY, secrets.token_urlsafe(48))


def old_keys(path: Path) -> list[str]:
    """Newest first; none when there is no file. Raises OSError, UnicodeDecodeError."""
    try:
        return path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []


def _write(path: Path, text: str) -> None:
    """On the disk before it is there under its name, and never half of it."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of two who renew it at once, the second starts from what the first left."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
