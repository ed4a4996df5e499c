"""The zygote's half of making a sandbox: clone, map, let through one execve."""

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from executor.sandbox import confine, libc, messages, namespaces
from executor.sandbox.errors import SpawnFailed
from executor.sandbox.group import Group, Nest
from executor.sandbox.identity import Identity
from executor.sandbox.jail import Jail, Jails
from executor.sandbox.plan import Plan
from executor.sandbox.policy import Quota
from executor.sandbox.seal import Seal
from executor.sandbox.states import SANDBOX_STEPS, SandboxState, step

# The child runs our own code on the way to execve; what takes this long will not come.
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Remains:
    """What a dead child leaves: wait status, CPU seconds, largest resident size in bytes."""

    status: int
    cpu: float
    size: int
    # The kernel ended it for using more memory than its group may.
    out_of_memory: bool = False


@dataclass(slots=True)
class Child:
    pid: int
    pidfd: int
    identity: Identity
    state: SandboxState = SandboxState.CLONED
    group: Group | None = None
    jail: Jail | None = None
    # Its network's, until they are handed on.
    listeners: list[int] = field(default_factory=list)
    # None without that layer.
    seal: Seal | None = None
    # The deadly system call for which it was killed.
    syscall: str | None = None

    def become(self, state: SandboxState) -> None:
        self.state = step(SANDBOX_STEPS, self.state, state)

    def kill(self) -> None:
        """As good as dead: the kernel keeps the zombie until reap()."""
        signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def go_on(self) -> None:
        signal.pidfd_send_signal(self.pidfd, signal.SIGCONT)

    def forget_listeners(self) -> None:
        for listener in self.listeners:
            os.close(listener)
        self.listeners = []

    def reap(self) -> Remains:
        """Blocks until it is dead."""
        _pid, status, usage = os.wait4(self.pid, 0)
        os.close(self.pidfd)
        if self.seal is not None:
            self.seal.close()
        self.become(SandboxState.REAPED)
        return Remains(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, self._leave_group())

    def _leave_group(self) -> bool:
        """Whether it ran out of memory there. A group that stays is the next sweep's."""
        if self.group is None:
            return False
        with contextlib.suppress(OSError):
            starved = self.group.ran_out()
            self.group.remove()
            return starved
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mother:
    """What every birth needs."""

    plan: Plan
    proc: int
    null: int
    distinct: bool
    nest: Nest | None
    jails: Jails | None
    seal: Callable[[int], Seal] = Seal

    def bear(
        self, identity: Identity, descriptors: Mapping[int, int], argv: Sequence[str] | None = None
    ) -> Child:
        """`argv` instead of the plan's. Raises SpawnFailed with nothing left behind."""
        try:
            jail = None if self.jails is None else self.jails.make(identity)
            mine, its = messages.pair()
        except OSError as error:
            raise SpawnFailed("start", str(error)) from error
        with mine, its:
            cell = confine.Cell(
                plan=self.plan,
                argv=self.plan.argv if argv is None else argv,
                descriptors=descriptors,
                null=self.null,
                zygote=its,
                identity=identity,
                distinct=self.distinct,
                jail=jail,
            )
            child = self._clone(identity, cell, mine)
            its.close()
            try:
                self._bring_up(child, mine)
            except (SpawnFailed, OSError) as error:
                child.kill()
                state = child.state
                child.forget_listeners()
                remains = child.reap()
                if isinstance(error, SpawnFailed):
                    raise
                raise SpawnFailed(state.value, f"{error} (wait status {remains.status})") from error
        return child

    def _clone(self, identity: Identity, cell: confine.Cell, mine: socket.socket) -> Child:
        try:
            pid = libc.clone(self.plan.clone_flags)
        except OSError as error:
            raise SpawnFailed("clone", str(error)) from error
        if pid == 0:
            # With our end open too, it would wait for ever for a zygote that died.
            mine.close()
            confine.become_program(cell)
        try:
            return Child(pid, os.pidfd_open(pid), identity, jail=cell.jail)
        except OSError as error:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise SpawnFailed("clone", str(error)) from error

    def _bring_up(self, child: Child, line: socket.socket) -> None:
        # Before the identity changes: then its files in /proc are no longer ours.
        namespaces.offer_to_oom_killer(self.proc, child.pid, self.plan.oom_score)
        if self.plan.clone_flags & libc.NAMESPACE_FLAGS["user"]:
            namespaces.map_identity(self.proc, child.pid, child.identity)
        child.become(SandboxState.MAPPED)
        if self.nest is not None:
            memory, pids, cpus = self.plan.quota
            child.group = self.nest.put(child.pid, Quota(memory=int(memory), pids=int(pids), cpus=cpus))
        line.send(b"\0")
        deadline = time.monotonic() + _PATIENCE
        if self.plan.ports:
            child.listeners = _hear_more(line, deadline)
            if len(child.listeners) != len(self.plan.ports) + 1:
                raise SpawnFailed("network", f"{len(child.listeners)} listeners arrived: too many are open")
        confined = _hear_more(line, deadline)
        child.become(SandboxState.CONFINED)
        for listener in confined:
            child.seal = self.seal(listener)
            child.seal.let_through(deadline - time.monotonic())
        # Its end of the line closes when execve succeeds.
        if _hear(line, deadline) is not None:
            raise SpawnFailed("execve", "it spoke out of turn")
        child.become(SandboxState.RUNNING)


def _hear_more(line: socket.socket, deadline: float) -> list[int]:
    descriptors = _hear(line, deadline)
    if descriptors is None:
        raise SpawnFailed("start", "it ended without a word")
    return descriptors


def _hear(line: socket.socket, deadline: float) -> list[int] | None:
    """The descriptors of the next message, None at the end of the line."""
    poller = select.poll()
    poller.register(line, select.POLLIN)
    if not poller.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise SpawnFailed("patience", f"nothing was heard for {_PATIENCE:g} seconds")
    heard = messages.receive(line)
    if heard is None:
        return None
    message, descriptors = heard
    if "failed" in message:
        raise SpawnFailed(message["failed"], message["reason"])
    return descriptors
