"""The walls that a host can lack, by name. An operator names one in WEBTASKS_ACCEPT_WEAKER to go without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# Layer -> None, or the reason why this host cannot give it.
Findings = Mapping[str, str | None]

# Weaker: something else stands in for it, or it holds less than it could. Missing: nothing does.
State = Literal["active", "weaker", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    name: str
    keeps: str
    remedy: str
    # Without it the others hold: it is shown as weaker and refuses nobody.
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a layer stands on this host. `reason` and `remedy` are empty when it is active.

    `accepted`: an operator named it, so that being missing hinders nobody.
    """

    name: str
    state: State
    keeps: str
    reason: str = ""
    remedy: str = ""
    accepted: bool = False

    @property
    def refuses(self) -> bool:
        return self.state == "missing" and not self.accepted


_USERNS = (
    "Run the executor as root or from a systemd unit, allow user namespaces "
    "(sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0 or an AppArmor profile "
    "with 'userns,'), or start the container with a seccomp profile that allows clone and mount"
)
_KERNEL = "Use a Linux kernel (6.7 or newer has everything) with {} switched on"

_ALL = (
    Layer(
        name="platform",
        keeps="a machine whose system calls the filter knows",
        remedy="Run the executor on x86_64 Linux",
    ),
    Layer(
        name="user",
        keeps="no identity of the host inside",
        remedy=_USERNS,
    ),
    Layer(name="mount", keeps="a private read-only root", remedy=_USERNS),
    Layer(name="pid", keeps="no other process in sight", remedy=_USERNS),
    Layer(name="net", keeps="no network of the host", remedy=_USERNS),
    Layer(name="ipc", keeps="no shared memory with the host", remedy=_USERNS),
    Layer(name="uts", keeps="no host name to read or set", remedy=_USERNS),
    Layer(name="cgroup", keeps="no sight of the host's control groups", remedy=_USERNS),
    Layer(
        name="landlock",
        keeps="a second fence around files, TCP and signals",
        remedy=_KERNEL.format("CONFIG_SECURITY_LANDLOCK=y and 'landlock' in the lsm= boot parameter"),
    ),
    Layer(
        name="seccomp",
        keeps="only known system calls reach the kernel",
        remedy=_KERNEL.format("CONFIG_SECCOMP_FILTER=y"),
    ),
    Layer(
        name="seal",
        keeps="no program can be started after the first",
        remedy=_KERNEL.format("seccomp user notification (5.5 or newer)"),
    ),
    Layer(
        name="identity",
        keeps="a user of its own on the host for each sandbox",
        remedy="Run the executor as root, in a container with a range of user numbers (65,536) of its own",
        optional=True,
    ),
    Layer(
        name="quota",
        keeps="memory, threads and processors bounded by control groups too",
        remedy=(
            "Run the executor as root, from a systemd unit with Delegate=yes, "
            "or in a container whose /sys/fs/cgroup can be written to"
        ),
        optional=True,
    ),
)
LAYERS = {layer.name: layer for layer in _ALL}
