"""Control groups: one directory of the zygote's in each hierarchy, and in it one for each sandbox.

All is done through descriptors that stay open past the pivot. Who dies first does not matter: an empty group that
nobody removed is swept by the next launcher (sweep.py).
"""

import contextlib
import errno
import os
import time
from collections.abc import Iterable, Mapping

from executor.sandbox import owner
from executor.sandbox.hierarchy import Place
from executor.sandbox.policy import Quota

_PERIOD = 100_000  # microseconds
_PATIENCE = 2.0

# What a runtime's memory comes with: its scratch space, page tables, sockets' buffers.
_SLACK = 64 << 20


def settings(place: Place, quota: Quota) -> dict[str, str]:
    """Files of a group at `place` and what to write into them."""
    period, share = str(_PERIOD), str(int(quota.cpus * _PERIOD))
    if place.version == "v2":
        files = {
            "memory": {"memory.max": str(quota.memory), "memory.swap.max": "0", "memory.oom.group": "1"},
            "pids": {"pids.max": str(quota.pids)},
            "cpu": {"cpu.max": f"{share} {period}"},
        }
    else:
        files = {
            "memory": {"memory.limit_in_bytes": str(quota.memory), "memory.swappiness": "0"},
            "pids": {"pids.max": str(quota.pids)},
            "cpu": {"cpu.cfs_period_us": period, "cpu.cfs_quota_us": share},
        }
    return {name: text for controller in place.controllers for name, text in files[controller].items()}


class Nest:
    """A directory of this process's own at each place. Made while the host's mounts are still there."""

    def __init__(self, places: Iterable[Place]) -> None:
        """Raises OSError with nothing left behind."""
        self._name = owner.name()
        self._parents: list[int] = []
        self._rooms: list[tuple[Place, int]] = []
        self._count = 0
        try:
            for place in places:
                self._open(place)
        except OSError:
            self.close()
            raise

    def _open(self, place: Place) -> None:
        parent = os.open(place.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._parents.append(parent)
        os.mkdir(self._name, dir_fd=parent)
        room = os.open(self._name, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=parent)
        self._rooms.append((place, room))
        if place.version == "v2":
            _write(room, "cgroup.subtree_control", " ".join(f"+{name}" for name in place.controllers))

    def put(self, pid: int, quota: Quota) -> "Group":
        """Moves a process into a group of its own. Raises OSError; then kill the process, and forsake nothing."""
        self._count += 1
        group = Group(str(self._count), self._rooms)
        try:
            group.make(quota)
            group.join(pid)
        except OSError:
            group.forsake()
            raise
        return group

    def close(self) -> None:
        """Its groups must be gone; what is not is left to the next sweep."""
        for parent in self._parents:
            with contextlib.suppress(OSError):
                os.rmdir(self._name, dir_fd=parent)
        for descriptor in [*self._parents, *(room for _, room in self._rooms)]:
            os.close(descriptor)
        self._parents, self._rooms = [], []


class Group:
    """One sandbox's, in every hierarchy under the same name."""

    def __init__(self, name: str, rooms: list[tuple[Place, int]]) -> None:
        self._name = name
        self._rooms = rooms

    def make(self, quota: Quota) -> None:
        for place, room in self._rooms:
            os.mkdir(self._name, dir_fd=room)
            for file, text in settings(place, quota).items():
                self._set(room, file, text)

    def _set(self, room: int, file: str, text: str) -> None:
        try:
            _write(room, f"{self._name}/{file}", text)
        except FileNotFoundError:
            if file not in _OPTIONAL:
                raise

    def join(self, pid: int) -> None:
        for _, room in self._rooms:
            _write(room, f"{self._name}/cgroup.procs", str(pid))

    def allow_memory(self, budget: int) -> None:
        """`budget` bytes beyond what is used now."""
        for place, room in self._rooms:
            if "memory" in place.controllers:
                used, limit = _MEMORY[place.version]
                most = int(_read(room, f"{self._name}/{used}")) + budget + _SLACK
                _write(room, f"{self._name}/{limit}", str(most))

    def weigh(self, per_cent: int) -> None:
        """What it gets of busy processors beside other sandboxes, in per cent of what each has at first."""
        for place, room in self._rooms:
            if "cpu" in place.controllers:
                file, usual = _WEIGHT[place.version]
                _write(room, f"{self._name}/{file}", str(max(usual * per_cent // 100, 1)))

    def ran_out(self) -> bool:
        """Whether the kernel killed in it for want of memory."""
        for place, room in self._rooms:
            if "memory" in place.controllers:
                text = _read(room, f"{self._name}/{_EVENTS[place.version]}")
                return _field(text, "oom_kill") > 0
        return False

    def remove(self) -> None:
        """After its process was reaped. Raises OSError when it stays all the same."""
        for _, room in self._rooms:
            remove(self._name, room)

    def forsake(self) -> None:
        """As much of it as there is and can be removed."""
        for _, room in self._rooms:
            with contextlib.suppress(OSError):
                os.rmdir(self._name, dir_fd=room)


# Not in every kernel: without swap there is nothing to keep anybody from.
_OPTIONAL = frozenset({"memory.swap.max", "memory.swappiness", "memory.oom.group"})
_MEMORY: Mapping[str, tuple[str, str]] = {
    "v1": ("memory.usage_in_bytes", "memory.limit_in_bytes"),
    "v2": ("memory.current", "memory.max"),
}
_WEIGHT = {"v1": ("cpu.shares", 1024), "v2": ("cpu.weight", 100)}
_EVENTS = {"v1": "memory.oom_control", "v2": "memory.events"}


def remove(name: str, room: int) -> None:
    """The last of its tasks may still be on its way out. Raises OSError when it does not go."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            os.rmdir(name, dir_fd=room)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.001)
        else:
            return


def _field(text: str, name: str) -> int:
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} ")), 0)


def _write(room: int, path: str, text: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC, dir_fd=room)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def _read(room: int, path: str) -> str:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=room)
    try:
        return os.read(file, 4096).decode()
    finally:
        os.close(file)
