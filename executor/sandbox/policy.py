"""The walls of a sandbox as data. Nothing here acts; compiler.py turns it into the zygote's plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from executor.sandbox.rules import Rule

INNER_ID = 1000
# Of one file, where scratch space is a directory of the host: with 256 descriptors a sandbox can hide 1 GiB at most
# in files that are deleted while open.
LARGEST_FILE = 4 << 20
ALL_NAMESPACES = frozenset({"user", "mount", "pid", "net", "ipc", "uts", "cgroup"})


class Access(Enum):
    """What Landlock grants beneath a path."""

    READ = "read"
    READ_EXECUTE = "read and execute"
    READ_WRITE = "read and write"


@dataclass(frozen=True, slots=True)
class Grant:
    path: str
    access: Access
    reason: str


@dataclass(frozen=True, slots=True)
class Tmpfs:
    """A private memory file system, mode 0700, noexec, nosuid, nodev."""

    path: str
    size: int
    inodes: int


@dataclass(frozen=True, slots=True)
class Share:
    """`directory`, of the host, at `path` inside, read-only: what is put there later appears in running sandboxes.

    Where nothing can be mounted each sandbox gets a copy of what is `at_birth`, by the names of its entries, and later
    what Sandbox.lend() names.
    """

    path: str
    directory: Path
    at_birth: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rlimit:
    """`name` as in the resource module, without RLIMIT_. Soft and hard are the same."""

    name: str
    value: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What one sandbox may use, whatever else fails to bound it: bytes, threads, processors.

    Kept by control groups where this host has some. `memory` holds until limit_memory() knows better. With too few
    `pids` Node hangs instead of failing, so RLIMIT_NPROC refuses first.
    """

    memory: int = 1 << 30
    pids: int = 64
    cpus: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything about a sandbox that does not change from one spawn to the next.

    `root` is a directory of the host that becomes the read-only root; `argv[0]` is a path inside it.
    Only `environment` reaches the program; only the descriptors named at spawn stay open, beside an
    empty standard input.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    root: Path
    directory: str
    rules: tuple[Rule, ...]
    grants: tuple[Grant, ...]
    rlimits: tuple[Rlimit, ...]
    tmpfs: tuple[Tmpfs, ...] = ()
    # Their paths are empty directories of the root.
    shares: tuple[Share, ...] = ()
    # TCP ports on which connections, to whatever address, reach the sandbox's listeners; on others nothing does.
    ports: tuple[int, ...] = ()
    namespaces: frozenset[str] = field(default=ALL_NAMESPACES)
    hostname: str = "webtask"
    # The host's out-of-memory killer takes the highest first: sandboxes before anything that holds data.
    oom_score: int = 900
    quota: Quota = field(default=Quota())
