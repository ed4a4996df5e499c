"""Names for what may outlive the process that made it, so that a later one can tell and clear it away."""

import os

PREFIX = "webtasks-"


def name() -> str:
    """This process's: nobody else has or will have the same."""
    return f"{PREFIX}{_world()}-{os.getpid()}-{_born(os.getpid())}"


def pattern() -> str:
    """Of names that can be judged from here: in another pid namespace the same number is somebody else."""
    return f"{PREFIX}{_world()}-*-*"


def alive(name: str) -> bool:
    """Whether the process that has this name still runs."""
    _world, pid, start = name.removeprefix(PREFIX).split("-")
    try:
        return _born(int(pid)) == start
    except OSError:
        return False


def _world() -> int:
    return os.stat("/proc/self/ns/pid").st_ino


def _born(pid: int) -> str:
    """Raises OSError when there is no such process, or only what nobody has reaped of it."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    if fields[0] in {"Z", "X"}:
        raise ProcessLookupError(pid)
    return fields[19]
