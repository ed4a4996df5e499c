"""Root directories for sandboxes: built once for each content, shared by processes, pruned when unused."""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
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
    while not _hold(root):
        building = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=parent))
        try:
            _fill(building, content)
            _publish(building, root)
        except OSError as error:
            raise OSError(f"the sandbox root {root} cannot be built: {error}") from error
        finally:
            shutil.rmtree(building, ignore_errors=True)
    _prune(parent, name, root)
    return root


def _hold(root: Path) -> bool:
    """Takes a share in an existing root. False when it does not exist, or ceased to while we waited."""
    if root in _held:
        return True
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    try:
        if os.path.samestat(os.fstat(descriptor), root.stat()):
            _held[root] = descriptor
            return True
    except FileNotFoundError:
        pass
    os.close(descriptor)
    return False


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


def _publish(building: Path, root: Path) -> None:
    try:
        building.rename(root)
    except OSError as error:
        # Another process was quicker, with the same content.
        if error.errno not in {errno.EEXIST, errno.ENOTEMPTY}:
            raise


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


def _prune(parent: Path, name: str, current: Path) -> None:
    """Removes roots of other contents that no living process holds."""
    for root in parent.glob(f"{name}-*"):
        if root == current or root in _held:
            continue
        try:
            descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Out of the way first: a half removed root must never be found under its name.
            doomed = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=parent))
            shutil.rmtree(root.rename(doomed / root.name).parent)
        except OSError:
            continue  # in use, or another process is pruning it
        finally:
            os.close(descriptor)
