"""The archives of packages, as files called by the SHA-256 of their bytes."""

import hashlib
import re
import tempfile
import time
from collections.abc import Container
from pathlib import Path
from typing import Protocol

from django.conf import settings

from console.problems import Absent, Invalid, TooLarge

MOST_BYTES = 64 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 16
_NEW = 24 * 3600.0


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def find(digest: str) -> Path:
    """Raises Absent."""
    path = _place() / digest
    if not _DIGEST.fullmatch(digest) or not path.is_file():
        raise Absent("there is no such archive of packages")
    return path


def keep(digest: str, source: Readable) -> None:
    """Raises Invalid when `source` has another digest, TooLarge."""
    if not _DIGEST.fullmatch(digest):
        raise Invalid("an archive is called by its SHA-256")
    with tempfile.TemporaryDirectory(dir=_place()) as directory:
        path = Path(directory) / "archive"
        if _save(source, path) != digest:
            raise Invalid("the archive is not the one it is called")
        path.rename(_place() / digest)


def drop_all_but(kept: Container[str]) -> None:
    """Leaves what came lately: it may be on its way into a row."""
    for path in _place().iterdir():
        if (
            _DIGEST.fullmatch(path.name)
            and path.name not in kept
            and path.stat().st_mtime < time.time() - _NEW
        ):
            path.unlink(missing_ok=True)


def _save(source: Readable, path: Path) -> str:
    found, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooLarge(f"an archive has {MOST_BYTES:,} bytes at most")
            found.update(chunk)
            file.write(chunk)
    return found.hexdigest()


def _place() -> Path:
    place: Path = settings.DATA / "modules"
    place.mkdir(parents=True, exist_ok=True)
    return place
