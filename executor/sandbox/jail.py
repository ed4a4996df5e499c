"""A directory for each sandbox where no file system can be mounted: its root by chroot(), or its scratch space alone."""

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from executor.sandbox import owner
from executor.sandbox.identity import Identity
from executor.sandbox.policy import INNER_ID


@dataclass(frozen=True, slots=True)
class Jail:
    """`path` is all that has to go afterwards; `scratch` is writable and only for the sandbox's user."""

    path: Path
    scratch: Path


class Jails:
    """Those of one zygote."""

    def __init__(
        self, parent: Path, *, root: Path | None, scratch: str, lent: Iterable[tuple[Path, str]] = ()
    ) -> None:
        """With a `root` each jail is a copy of it made of hard links, in which `scratch` is its own; and of what is
        `lent`, directories with their paths inside.
        """
        self._place = parent / owner.name()
        self._root = root
        self._lent = tuple(lent)
        self._scratch = scratch.lstrip("/")
        self._count = 0
        parent.mkdir(exist_ok=True)
        self._place.mkdir()
        # To be passed through by whoever is put below, and listed by nobody else.
        self._place.chmod(0o711)

    def make(self, identity: Identity) -> Jail:
        """Raises OSError; what was made by then is cleared away with the rest (clearance.py)."""
        self._count += 1
        path = self._place / str(self._count)
        path.mkdir()
        if self._root is None:
            path.chmod(0o700)
            return Jail(path, path)
        path.chmod(0o755)
        copy(self._root, path, skip=self._root / self._scratch)
        for directory, inner in self._lent:
            lend(directory, path / inner.lstrip("/"))
        _rename_user(path / "etc/passwd", identity)
        scratch = path / self._scratch
        scratch.mkdir(parents=True)
        scratch.chmod(0o700)
        os.chown(scratch, identity.user, identity.group)
        return Jail(path, scratch)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._place.rmdir()


def lend(source: Path, target: Path) -> None:
    """Complete, or not there."""
    if target.exists():
        return
    building = target.with_name(f".{target.name}")
    building.mkdir()
    building.chmod(0o755)
    copy(source, building)
    building.rename(target)


def copy(source: Path, target: Path, *, skip: Path | None = None) -> None:
    """Hard links cost no disk, and files of root's cannot be written to by any sandbox."""
    with os.scandir(source) as entries:
        for entry in _sorted(entries):
            inner = target / entry.name
            if Path(entry.path) == skip:
                continue
            if entry.is_dir(follow_symlinks=False):
                inner.mkdir()
                inner.chmod(0o755)
                copy(Path(entry.path), inner, skip=skip)
            else:
                os.link(entry.path, inner, follow_symlinks=False)


def _sorted(entries: Iterable["os.DirEntry[str]"]) -> "list[os.DirEntry[str]]":
    return sorted(entries, key=lambda entry: entry.name)


def _rename_user(passwd: Path, identity: Identity) -> None:
    """Inside it is known by the number it has outside."""
    with contextlib.suppress(FileNotFoundError):
        text = passwd.read_text(encoding="utf-8")
        passwd.unlink()
        passwd.write_text(text.replace(f":{INNER_ID}:{INNER_ID}:", f":{identity.user}:{identity.group}:"))
        passwd.chmod(0o644)
