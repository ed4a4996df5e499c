"""Root directories for sandboxes: built once for each content, shared by processes, pruned when unused."""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# Locks of the roots this process uses; the kernel drops them with the process.
_held: dict[Path, int] = {}


@dataclass(frozen=True, slots=True)
class Content:
    """`files` are the host's, by their place inside; `texts` are written; `directories` are empty."""

    files: Mapping[str, Path]
    texts: Mapping[str, str]
    directories: Iterable[str] = ()

    def digest(self) -> str:
        """Big files count by what changes when they do: hashing Node itself would cost every start 100 ms."""
        digest = hashlib.sha256()
        for inner, path in sorted(self.files.items()):
            status = path.stat()
            small = path.read_bytes() if status.st_size < 1 << 20 else b""
            digest.update(repr((inner, str(path), status.st_size, small or status.st_mtime_ns)).encode())
        digest.update(repr((sorted(self.texts.items()), sorted(self.directories))).encode())
        return digest.hexdigest()[:16]


def prepare(parent: Path, name: str, content: Content) -> Path:
    """`parent`/`name`-<digest>, complete, and kept as long as this process lives."""
    parent.mkdir(parents=True, exist_ok=True)
    root = parent / f"{name}-{content.digest()}"
    with _alone(parent):
        try:
            if not root.is_dir():
                _build(root, content)
        except OSError as error:
            raise OSError(f"the sandbox root {root} cannot be built: {error}") from error
        if root not in _held:
            _held[root] = _lock(root, fcntl.LOCK_SH)
        _prune(parent, name)
    return root


@contextlib.contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Only one process at a time builds and prunes."""
    descriptor = _lock(parent, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(directory: Path, how: int) -> int:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _build(root: Path, content: Content) -> None:
    """Under another name until it is complete."""
    building = _building(root)
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        _fill(building, content)
        building.rename(root)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _building(root: Path) -> Path:
    return root.with_name(f".{root.name}")


def _fill(root: Path, content: Content) -> None:
    for inner in content.directories:
        _directory(root, inner)
    for inner, path in content.files.items():
        _place(path.resolve(), _directory(root, os.path.dirname(inner)) / os.path.basename(inner))
    for inner, text in content.texts.items():
        target = _directory(root, os.path.dirname(inner)) / os.path.basename(inner)
        target.write_text(text, encoding="utf-8")
        target.chmod(0o644)
    root.chmod(0o755)


def _directory(root: Path, inner: str) -> Path:
    """Readable by the sandbox's own identity whatever umask the executor has."""
    directory = root
    for part in Path(inner.lstrip("/")).parts:
        directory /= part
        directory.mkdir(exist_ok=True)
        directory.chmod(0o755)
    return directory


def _place(source: Path, target: Path) -> None:
    """A hard link costs no disk; the root is mounted read-only, so nobody writes through it."""
    mode = source.stat().st_mode & 0o777
    if mode & 0o555 == 0o555 or (mode & 0o444 == 0o444 and not mode & 0o111):
        try:
            os.link(source, target)
        except OSError:
            pass  # another file system, or a file that is not ours (fs.protected_hardlinks)
        else:
            return
    shutil.copyfile(source, target)
    target.chmod(0o755 if mode & 0o111 else 0o644)
    # Python believes its compiled modules only as long as their sources have the age they had.
    status = source.stat()
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _prune(parent: Path, name: str) -> None:
    """Removes roots that no living process holds, and what a killed one left half done."""
    for left in parent.glob(f".{name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    for root in parent.glob(f"{name}-*"):
        if root in _held:
            continue
        try:
            descriptor = _lock(root, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        os.close(descriptor)
        # Out of the way first: a half removed root must never be found under its name.
        shutil.rmtree(root.rename(_building(root)), ignore_errors=True)
