"""Which user of the host a sandbox is. Inside it is always the same one."""

import errno
import os
from dataclasses import dataclass

from executor.sandbox import capabilities

_FIRST = 200_000
_COUNT = 65_536
# What the zygote needs to give sandboxes identities of their own, and to have a root of its own.
_NEEDED = frozenset({capabilities.SYS_ADMIN, capabilities.SETUID, capabilities.SETGID})


def privileged() -> bool:
    """Root that can mount and map identities; anyone else goes through a user namespace of the zygote's."""
    return os.geteuid() == 0 and capabilities.effective() >= _NEEDED


@dataclass(frozen=True, slots=True)
class Identity:
    user: int
    group: int


class Identities:
    """As root every living sandbox has a user of its own, so that none can be mistaken for another."""

    def __init__(self, *, shared: Identity | None, count: int = _COUNT) -> None:
        self._shared = shared
        self._count = count
        self._taken: set[int] = set()
        self._next = 0

    def take(self) -> Identity:
        """Raises OSError when all are in use."""
        if self._shared is not None:
            return self._shared
        if len(self._taken) == self._count:
            raise OSError(errno.EAGAIN, f"all {self._count} identities are in use")
        while self._next in self._taken:
            self._next = (self._next + 1) % self._count
        number = self._next
        self._taken.add(number)
        # Go round rather than reuse at once: a late write in a dead sandbox's name meets nobody.
        self._next = (number + 1) % self._count
        return Identity(_FIRST + number, _FIRST + number)

    def give_back(self, identity: Identity) -> None:
        """Only after the process was reaped."""
        self._taken.discard(identity.user - _FIRST)
