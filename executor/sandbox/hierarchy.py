"""Where on this host control groups can be made: version 2 where it is delegated, version 1 where that is there."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CONTROLLERS = ("memory", "pids", "cpu")
# Version 2 gives controllers only to groups without processes of their own: those that were there move here.
LEAF = "webtasks-host"
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A directory below which groups of ours may be, and what they can bound. Its path is the host's."""

    version: str  # "v1" | "v2"
    controllers: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class _Mount:
    kind: str
    root: str
    point: str
    options: frozenset[str]


def find(process: Path = Path("/proc/self")) -> list[Place]:
    """Where `process` may have groups made beneath its own; empty when nowhere."""
    try:
        mounts = list(_mounts((process / "mountinfo").read_text()))
        groups = [line.split(":", 2) for line in (process / "cgroup").read_text().splitlines()]
    except OSError:
        return []
    return _second(mounts, groups) or list(_first(mounts, groups))


def _second(mounts: list[_Mount], groups: list[list[str]]) -> list[Place]:
    mount = next((it for it in mounts if it.kind == "cgroup2"), None)
    path = next((path for number, _names, path in groups if number == "0"), None)
    if mount is None or path is None:
        return []
    own = _within(mount, path)
    place = own.parent if own.name == LEAF else own
    given = delegate(place, CONTROLLERS)
    # Without memory the older kind is worth more, where it is there too.
    return [Place("v2", given, place)] if "memory" in given and os.access(place, os.W_OK) else []


def _first(mounts: list[_Mount], groups: list[list[str]]) -> Iterator[Place]:
    for number, names, path in groups:
        held = tuple(name for name in CONTROLLERS if name in names.split(","))
        mount = next((it for it in mounts if it.kind == "cgroup" and it.options.issuperset(held)), None)
        if number == "0" or not held or mount is None:
            continue
        place = _within(mount, path)
        if os.access(place, os.W_OK):
            yield Place("v1", held, place)


def delegate(place: Path, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Of `wanted`, the controllers that groups beneath `place` have, after trying to give them all."""
    offered = _words(place / "cgroup.controllers").intersection(wanted)
    lacking = offered - _words(place / "cgroup.subtree_control")
    if lacking:
        with contextlib.suppress(OSError):
            _give(place, lacking)
    given = _words(place / "cgroup.subtree_control")
    return tuple(name for name in wanted if name in given)


def _give(place: Path, controllers: set[str]) -> None:
    order = " ".join(f"+{name}" for name in sorted(controllers))
    try:
        (place / "cgroup.subtree_control").write_text(order)
    except OSError:
        if not _ours(place):
            raise
        _clear(place)
        (place / "cgroup.subtree_control").write_text(order)


def _ours(place: Path) -> bool:
    """Whether whoever runs this host's services left the group, with all who are in it, to us."""
    owned = os.geteuid() != 0 and place.stat().st_uid == os.geteuid()
    return owned or "user.delegate" in os.listxattr(place) or place.is_mount()


def _clear(place: Path) -> None:
    leaf = place / LEAF
    leaf.mkdir(exist_ok=True)
    for _round in range(_ROUNDS):  # new ones may be born while we move them
        pids = (place / "cgroup.procs").read_text().split()
        if not pids:
            return
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                (leaf / "cgroup.procs").write_text(pid)


def _words(path: Path) -> set[str]:
    try:
        return set(path.read_text().split())
    except OSError:
        return set()


def _within(mount: _Mount, path: str) -> Path:
    """A container is shown a part of the hierarchy, under a path of its own or of the whole."""
    inner = path.removeprefix(mount.root) if path.startswith(mount.root) and mount.root != "/" else path
    return Path(mount.point) / inner.lstrip("/")


def _mounts(text: str) -> Iterator[_Mount]:
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        kind, _source, options = after.split(" ", 2)
        if kind in {"cgroup", "cgroup2"}:
            words = before.split()
            yield _Mount(kind, words[3], words[4], frozenset(options.split(",")))
