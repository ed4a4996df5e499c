"""How this host lets sandboxes be made, and what stands in for the layers that a mode cannot have."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """`stand_ins` are layers that are weaker here, with what is there instead; `needs` cannot be gone without."""

    name: str
    summary: str
    namespaces: bool = True
    # A root directory of its own by chroot().
    jailed: bool = False
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset({"platform", "user", "mount"})

    @property
    def rooted(self) -> bool:
        """Whether a sandbox has a root directory of its own, and paths in it."""
        return self.namespaces or self.jailed


ROOT = Mode(name="root", summary="namespaces, and a user of its own for each sandbox")
UNPRIVILEGED = Mode(name="unprivileged", summary="namespaces, as an ordinary user")
_NO_NETWORK = "only local sockets can be made: webtasks reach no network"
_REFUSED = "the system calls for it are unknown"
CONTAINER = Mode(
    name="container",
    summary="root of a container that may not make namespaces: chroot, a user of its own for each sandbox, Landlock",
    namespaces=False,
    jailed=True,
    stand_ins={
        "user": "a user of this container that nobody else is",
        "mount": "a changed root directory and Landlock; scratch space is a watched directory, and native code can be loaded from it",
        "pid": "others are other users, and no signal is let through",
        "net": _NO_NETWORK,
        "ipc": _REFUSED,
        "uts": "the host name can be read and not set",
        "cgroup": "no file system that shows them",
    },
    needs=frozenset({"platform", "landlock", "seccomp"}),
)
RESTRICTED = Mode(
    name="restricted",
    summary="an ordinary user who may not make namespaces: Landlock and seccomp alone, for teams that trust each other",
    namespaces=False,
    stand_ins={
        "pid": "no signal is let through, and Landlock keeps /proc closed",
        "net": "no socket can be made: webtasks reach no network",
        "ipc": _REFUSED,
        "uts": "the host name can be read and not set",
        "cgroup": "Landlock keeps the files closed that show them",
    },
    needs=frozenset({"platform", "landlock", "seccomp"}),
)
MODES = {mode.name: mode for mode in (ROOT, UNPRIVILEGED, CONTAINER, RESTRICTED)}
