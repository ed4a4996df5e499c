"""Unpacks a set of packages. Hostile input: what is in it was decided by strangers."""

import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from executor.modules import bounds

_TOP = ("node_modules", "versions.json")
_DEEPEST = 64
_LONGEST = 1024


# What a tar has beside the content of its files.
_OVERHEAD = bounds.FILES * 2048
_LONGEST_HEADER = 1 << 16


class BadArchive(Exception):
    """The text says what is wrong with it."""


class _Bounded:
    """Reads no further than a set may be large, whatever a header promises."""

    def __init__(self, source: gzip.GzipFile) -> None:
        self._source = source
        self._left = bounds.BYTES + _OVERHEAD

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise BadArchive(f"more than {bounds.BYTES:,} bytes")
        return data


class _Member(tarfile.TarInfo):
    """tarfile reads long names whole before anybody may look at them."""

    def _proc_member(self, tarfile: Any) -> Any:
        if not (self.isreg() or self.isdir()) and self.size > _LONGEST_HEADER:
            raise BadArchive(f"a header has {self.size:,} bytes")
        return super()._proc_member(tarfile)  # type: ignore[misc]  # the one place that all kinds pass


def digest_of(archive: Path) -> str:
    with archive.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(archive: Path, target: Path) -> None:
    """Ordinary files alone, readable by every sandbox, in a directory that is not there yet.

    Raises BadArchive, OSError; then nothing is left behind.
    """
    target.mkdir()
    try:
        with _opened(archive) as tar:
            _unpack(tar, target)
        # Not by walking what is there: it is ours from here on.
        target.chmod(0o755)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def pick(archive: Path, wanted: Callable[[str], bool], *, most: int) -> dict[str, bytes]:
    """The files whose names are wanted, by name, until they are `most` bytes together. Raises BadArchive, OSError."""
    found: dict[str, bytes] = {}
    with _opened(archive) as tar:
        for number, member in enumerate(tar, 1):
            if number > bounds.FILES:
                raise BadArchive(f"more than {bounds.FILES:,} files")
            if not member.isreg() or not wanted(member.name):
                continue
            source = tar.extractfile(member)
            most -= member.size
            if source is None or most < 0:
                break
            found[member.name] = source.read()
    return found


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    """Raises BadArchive, OSError."""
    try:
        with (
            gzip.GzipFile(archive) as whole,
            # Of a stream it only reads.
            tarfile.open(fileobj=cast("IO[bytes]", _Bounded(whole)), mode="r|", tarinfo=_Member) as tar,
        ):
            yield tar
    except (tarfile.TarError, EOFError, ValueError, OverflowError, gzip.BadGzipFile, zlib.error) as error:
        raise BadArchive(f"the archive cannot be read: {error}") from error


def _unpack(tar: tarfile.TarFile, target: Path) -> None:
    size = 0
    for files, member in enumerate(tar, 1):
        size += max(0, member.size)
        if files > bounds.FILES or size > bounds.BYTES:
            raise BadArchive(f"more than {bounds.FILES:,} files or {bounds.BYTES:,} bytes")
        parts = _parts(member.name)
        if member.isdir():
            _directory(target, parts)
        elif member.isreg():
            _write(tar, member, _directory(target, parts[:-1]) / parts[-1])
        else:
            raise BadArchive(f"{member.name!r} is neither a file nor a directory")


def _parts(name: str) -> list[str]:
    """Raises BadArchive for a name that could lead out, or nowhere."""
    parts = name.rstrip("/").split("/")
    odd = any(part in {"", ".", ".."} or "\0" in part for part in parts)
    if odd or parts[0] not in _TOP or len(parts) > _DEEPEST or len(name) > _LONGEST:
        raise BadArchive(f"a file is named {name[:200]!r}")
    return parts


def _directory(target: Path, parts: list[str]) -> Path:
    for part in parts:
        target /= part
        if not target.is_dir():
            target.mkdir(0o755)
            target.chmod(0o755)
    return target


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    source = tar.extractfile(member)
    if source is None:
        raise BadArchive(f"{member.name!r} has no content")
    # Exclusively: the same name twice would be written through a link that it made of itself.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(source, file)
    path.chmod(0o644)
