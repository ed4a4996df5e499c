"""The small process that makes sandboxes, so that nothing big or threaded ever has to fork.

It is started with the number of its channel and the pid of its parent, is told the plan, goes behind
the read-only root itself, and then answers spawn requests and reports exits until its channel closes.
"""

import contextlib
import dataclasses
import gc
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from executor.sandbox import capabilities, libc, messages, mounts, namespaces, ration
from executor.sandbox.birth import Child, Mother
from executor.sandbox.errors import SandboxUnavailable, SpawnFailed
from executor.sandbox.group import Nest
from executor.sandbox.hierarchy import Place
from executor.sandbox.identity import Identities
from executor.sandbox.jail import Jails
from executor.sandbox.modes import MODES
from executor.sandbox.plan import Plan

# To write the identity maps of children; the last one only matters where the zygote's own user is a container's root.
_FOR_MAPS = frozenset({capabilities.SETUID, capabilities.SETGID, capabilities.SETFCAP})


class Zygote:
    def __init__(self, channel: socket.socket, mother: Mother, identities: Identities) -> None:
        self._channel = channel
        self._mother = mother
        self._identities = identities
        # By pidfd, and those that are listened to by the listener of their seal.
        self._children: dict[int, Child] = {}
        self._sealed: dict[int, Child] = {}
        self._poller = select.poll()

    def serve(self) -> None:
        """Returns when the launcher is gone. Its children die with this process."""
        self._poller.register(self._channel, select.POLLIN)
        while True:
            for descriptor, event in self._poller.poll():
                if descriptor in self._sealed:
                    self._judge(descriptor, event)
                elif descriptor in self._children:
                    self._report(self._children[descriptor])
                elif descriptor == self._channel.fileno() and not self._hear():
                    return

    def _hear(self) -> bool:
        heard = messages.receive(self._channel)
        if heard is None:
            return False
        message, descriptors = heard
        try:
            if "spawn" in message:
                self._spawn(message, descriptors)
            elif "weigh" in message:
                self._weigh(message["weigh"], message["per_cent"])
            else:
                self._limit(message["limit"], message["budget"], message["data"])
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return True

    def _spawn(self, wish: Mapping[str, Any], descriptors: list[int]) -> None:
        request = wish["spawn"]
        try:
            child = self._bear(wish["inner"], descriptors, wish["argv"])
        except SpawnFailed as error:
            self._say({"refused": request, "step": error.step, "reason": error.reason})
            return
        self._children[child.pidfd] = child
        self._poller.register(child.pidfd, select.POLLIN)
        if child.seal is not None:
            self._sealed[child.seal.listener] = child
            self._poller.register(child.seal.listener, select.POLLIN)
        scratch = None if child.jail is None else str(child.jail.scratch)
        spawned = {
            "spawned": request,
            "pid": child.pid,
            "listeners": len(child.listeners),
            "scratch": scratch,
        }
        self._say(spawned, [child.pidfd, *child.listeners])
        child.forget_listeners()

    def _limit(self, pid: int, budget: int, data: int | None) -> None:
        """It may be gone by now. `data` is a limit that the launcher may not set itself."""
        child = self._child(pid)
        if child is None:
            return
        if child.group is not None:
            with contextlib.suppress(OSError):
                child.group.allow_memory(budget)
        if data is not None and ration.impose(child.pid, child.identity, data):
            # The launcher stopped it until now.
            child.go_on()
        elif data is not None:
            child.kill()

    def _weigh(self, pid: int, per_cent: int) -> None:
        child = self._child(pid)
        if child is not None and child.group is not None:
            with contextlib.suppress(OSError):
                child.group.weigh(per_cent)

    def _child(self, pid: int) -> Child | None:
        return next((it for it in self._children.values() if it.pid == pid), None)

    def _bear(self, inner: list[int], descriptors: list[int], argv: list[str] | None) -> Child:
        if len(inner) != len(descriptors):
            # The kernel drops what would exceed our limit.
            raise SpawnFailed("descriptors", f"{len(descriptors)} of {len(inner)} arrived: too many are open")
        try:
            identity = self._identities.take()
        except OSError as error:
            raise SpawnFailed("identity", str(error)) from error
        try:
            return self._mother.bear(identity, dict(zip(inner, descriptors, strict=True)), argv)
        except SpawnFailed:
            self._identities.give_back(identity)
            raise

    def _judge(self, listener: int, event: int) -> None:
        """A sandbox makes a call that the filter does not decide."""
        child = self._sealed[listener]
        if child.seal is not None and event & select.POLLIN:
            child.syscall = child.seal.hear()
        if child.syscall is not None:
            child.kill()
        if child.syscall is not None or not event & select.POLLIN:
            # It is dying, and what else it says until then would only keep us awake.
            self._mind_no_more(listener)

    def _mind_no_more(self, listener: int) -> None:
        self._poller.unregister(listener)
        del self._sealed[listener]

    def _report(self, child: Child) -> None:
        self._poller.unregister(child.pidfd)
        del self._children[child.pidfd]
        if child.seal is not None and child.seal.listener in self._sealed:
            self._mind_no_more(child.seal.listener)
        remains = child.reap()
        self._identities.give_back(child.identity)
        left = None if child.jail is None else str(child.jail.path)
        ended = {"exited": child.pid, **dataclasses.asdict(remains), "left": left}
        self._say({**ended, "syscall": child.syscall, "sealed": child.seal is not None})

    def _say(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        messages.send(self._channel, message, descriptors)


def settle(plan: Plan) -> tuple[Mother, Identities]:
    """From an ordinary process of the host to one behind the root, with just enough left to bear children."""
    proc = namespaces.open_proc()
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    nest = _nest(plan)
    mode, jails = MODES[plan.mode], None
    if mode.namespaces:
        identities = namespaces.leave_host(proc)
        mounts.enter_root(plan.root, [(share[0], share[1]) for share in plan.shares])
        capabilities.keep(_FOR_MAPS)
    else:
        identities = namespaces.stay(distinct=mode.jailed)
        root = Path(plan.root) if mode.jailed else None
        lent = [
            (Path(directory) / name, f"{path}/{name}")
            for directory, path, names in plan.shares
            for name in names
        ]
        jails = Jails(Path(plan.jails), root=root, scratch=plan.scratch, lent=lent)
        capabilities.keep(capabilities.JAILER & capabilities.effective() if mode.jailed else frozenset())
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    distinct = identities.distinct
    return Mother(plan=plan, proc=proc, null=null, distinct=distinct, nest=nest, jails=jails), identities


def _nest(plan: Plan) -> Nest | None:
    places = [Place(version, tuple(names), Path(path)) for version, names, path in plan.places]
    return Nest(places) if places else None


def main() -> None:
    channel = socket.socket(fileno=int(sys.argv[2]))
    channel.set_inheritable(False)
    heard = messages.receive(channel)
    if heard is None:
        return
    try:
        mother, identities = settle(Plan.from_json(heard[0]))
    except SandboxUnavailable as error:
        messages.send(channel, {"unsettled": error.layer, "reason": error.reason})
        return
    except OSError as error:
        messages.send(channel, {"unsettled": "mount", "reason": str(error)})
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # Only now: each change of credentials above forgets the signal.
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(sys.argv[3]):
        return
    # Children share these pages until somebody writes to them, and a collection writes to all.
    gc.collect()
    gc.freeze()
    gc.disable()
    with contextlib.suppress(BrokenPipeError):
        messages.send(channel, {"settled": True})
        Zygote(channel, mother, identities).serve()
    if mother.nest is not None:
        mother.nest.close()
