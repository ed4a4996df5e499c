"""Puts the packages that every webtask may require where sandboxes read them."""

import hashlib
import json
import shutil
from pathlib import Path

from executor.platform import HOME, versions
from executor.runtimes.node import PLATFORM

# What its authors read and Node does not; two fifths of all files.
_IDLE = (".md", ".map", ".ts", ".mts", ".cts")
_STAMP = ".stamp"


def place(store: Path) -> None:
    """Below `store`, readable by every sandbox, unless it is there already. Raises OSError."""
    target = store / PLATFORM
    found = versions()
    stamp = hashlib.sha256((HOME / "package-lock.json").read_bytes()).hexdigest() if found else ""
    if (target / _STAMP).is_file() and (target / _STAMP).read_text() == stamp:
        return
    building = store / f".{PLATFORM}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    if found:
        _copy(HOME / "node_modules", building / "node_modules")
    listed = {name: [version] for name, version in found.items()}
    _write(building / "packages.json", json.dumps(listed))
    _write(building / _STAMP, stamp)
    building.chmod(0o755)
    if target.exists():
        # Out of the way first: a half removed one must never be found under its name.
        shutil.rmtree(target.rename(store / f".old-{PLATFORM}"))
    building.rename(target)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


def _copy(source: Path, target: Path) -> None:
    """Hard links where that can be. Links to programs (.bin) are left out: nothing runs them."""
    target.mkdir()
    target.chmod(0o755)
    for path in source.iterdir():
        if path.is_symlink() or path.name == ".bin" or path.name.endswith(_IDLE):
            continue
        if path.is_dir():
            _copy(path, target / path.name)
        else:
            _place(path, target / path.name)


def _place(source: Path, target: Path) -> None:
    if source.stat().st_mode & 0o444 == 0o444:
        try:
            target.hardlink_to(source)
        except OSError:
            pass  # another file system, or a file that is not ours (fs.protected_hardlinks)
        else:
            return
    shutil.copyfile(source, target)
    target.chmod(0o644)
