"""Which user of the host a sandbox is. Inside it is always the same one."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from executor.sandbox import capabilities

_USUAL = range(200_000, 265_536)
# What the zygote needs to give sandboxes identities of their own, and to have a root of its own.
_NEEDED = frozenset({capabilities.SYS_ADMIN, capabilities.SETUID, capabilities.SETGID})


def privileged() -> bool:
    """Root that can mount and map identities; anyone else goes through a user namespace of the zygote's."""
    return os.geteuid() == 0 and capabilities.effective() >= _NEEDED


def spare(maps: tuple[str, str]) -> range:
    """Numbers nobody else uses, from the text of uid_map and gid_map. A container has fewer than a host, or none."""
    users, groups = (_spare(text) for text in maps)
    return range(max(users.start, groups.start), min(users.stop, groups.stop))


def _spare(text: str) -> range:
    extents = [(int(first), int(count)) for first, _outside, count in map(str.split, text.splitlines())]
    first, count = max(extents, key=lambda extent: extent[1])
    if first <= _USUAL.start and _USUAL.stop <= first + count:
        return _USUAL
    # The upper half: a container's own users are numbered from below.
    return range(first + (count + 1) // 2, first + count)


def own_maps() -> tuple[str, str]:
    directory = Path("/proc/self")
    return (directory / "uid_map").read_text("ascii"), (directory / "gid_map").read_text("ascii")


@dataclass(frozen=True, slots=True)
class Identity:
    user: int
    group: int


class Identities:
    """Every living sandbox gets a user of its own, so that none can be mistaken for another, where there are any."""

    def __init__(self, numbers: range, *, otherwise: Identity) -> None:
        """Without `numbers` all share `otherwise`, the zygote's own."""
        self._numbers = numbers
        self._otherwise = otherwise
        self._taken: set[int] = set()
        self._next = 0

    @property
    def distinct(self) -> bool:
        return bool(self._numbers)

    def take(self) -> Identity:
        """Raises OSError when all are in use."""
        if not self.distinct:
            return self._otherwise
        if len(self._taken) == len(self._numbers):
            raise OSError(errno.EAGAIN, f"all {len(self._numbers)} identities are in use")
        while (number := self._numbers[self._next]) in self._taken:
            self._advance()
        self._taken.add(number)
        # Go round rather than reuse at once: a late write in a dead sandbox's name meets nobody.
        self._advance()
        return Identity(number, number)

    def give_back(self, identity: Identity) -> None:
        """Only after the process was reaped."""
        self._taken.discard(identity.user)

    def _advance(self) -> None:
        self._next = (self._next + 1) % len(self._numbers)
