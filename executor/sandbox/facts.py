"""What an operator wants to know of a kernel when a layer is missing."""

import os
from pathlib import Path

from executor.sandbox import landlock, libc

Fact = str | int | bool | None

# Switches that take user namespaces away; a kernel without the file has no such switch.
_SWITCHES = (
    "user/max_user_namespaces",
    "kernel/unprivileged_userns_clone",
    "kernel/apparmor_restrict_unprivileged_userns",
    "kernel/yama/ptrace_scope",
    "kernel/io_uring_disabled",
    "kernel/unprivileged_bpf_disabled",
)


def gather() -> dict[str, Fact]:
    """Read before the probe leaves the host's mounts."""
    system = os.uname()
    return {
        "release": system.release,
        "machine": system.machine,
        "landlock": _landlock(),
        "pressure": Path("/proc/pressure/memory").exists(),
        "lsm": _text(Path("/sys/kernel/security/lsm")),
        **{name.replace("/", "."): _switch(name) for name in _SWITCHES},
    }


def _landlock() -> int | None:
    """The version of its interface."""
    if not libc.supported():
        return None
    try:
        return landlock.version()
    except OSError:
        return None


def _switch(name: str) -> Fact:
    text = _text(Path("/proc/sys") / name)
    return int(text) if text is not None and text.lstrip("-").isdigit() else text


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return None
