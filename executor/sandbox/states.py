"""The lives of a sandbox and of its launcher. Imports nothing of the project."""

from enum import Enum
from typing import TypeVar


class SandboxState(Enum):
    CLONED = "cloned"  # in its namespaces, nobody yet
    MAPPED = "mapped"  # has an identity, puts up its walls
    CONFINED = "confined"  # behind every wall, asks for its first and last execve
    RUNNING = "running"  # the program runs
    REAPED = "reaped"  # gone, its identity may be used again


class LauncherState(Enum):
    STARTING = "starting"
    READY = "ready"
    CLOSING = "closing"  # by our own will
    LOST = "lost"  # the zygote died
    CLOSED = "closed"


SANDBOX_STEPS = {
    SandboxState.CLONED: {SandboxState.MAPPED, SandboxState.REAPED},
    SandboxState.MAPPED: {SandboxState.CONFINED, SandboxState.REAPED},
    SandboxState.CONFINED: {SandboxState.RUNNING, SandboxState.REAPED},
    SandboxState.RUNNING: {SandboxState.REAPED},
    SandboxState.REAPED: set(),
}
LAUNCHER_STEPS = {
    LauncherState.STARTING: {LauncherState.READY, LauncherState.CLOSED},
    LauncherState.READY: {LauncherState.CLOSING, LauncherState.LOST},
    LauncherState.CLOSING: {LauncherState.CLOSED},
    LauncherState.LOST: {LauncherState.CLOSED},
    LauncherState.CLOSED: set(),
}

State = TypeVar("State", bound=Enum)


class IllegalStep(Exception):
    """A program error: nobody asked for this transition to be possible."""


def step(steps: dict[State, set[State]], now: State, to: State) -> State:
    if to not in steps[now]:
        raise IllegalStep(f"{type(now).__name__}: {now.value} cannot become {to.value}")
    return to
