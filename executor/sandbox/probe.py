"""Whether this host really gives each layer: by its effect, in a child, as a sandbox would use it.

A system call that succeeds proves nothing: some hosts let unshare() through and refuse what follows.
This is a small program of its own (survey.py starts it): what it tries cannot be undone.
"""

import functools
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

from executor.sandbox import facts, hierarchy, libc, messages, namespaces, trial
from executor.sandbox.effects import EFFECTS, Effect, Scene, jailed
from executor.sandbox.errors import SandboxUnavailable
from executor.sandbox.identity import privileged
from executor.sandbox.layers import LAYERS, Findings
from executor.sandbox.modes import CONTAINER, RESTRICTED
from executor.sandbox.policy import ALL_NAMESPACES
from executor.sandbox.seal import Seal

_PATIENCE = 5.0
_RESTS = "it needs the layer"
# The version of Landlock that refuses truncate().
_TRUNCATING = 3


def main() -> None:
    places, quota = trial.usable(hierarchy.find())
    kernel = {**facts.gather(), "cgroup": places[0].version if places else "none"}
    # While this process still is what it was on the host.
    jail = _absence(jailed, 0, lambda _pid: None) if libc.supported() else "unknown"
    named = "root" if privileged() else "unprivileged"
    findings = {**probe(), "quota": quota}
    if findings["user"] or findings["mount"]:
        named = RESTRICTED.name if jail else CONTAINER.name
        findings |= _alone(named, kernel["landlock"])
    # What others rest on comes first: it is what an operator must hear of.
    basis = [name for name in ("user", "mount") if not (findings[name] or _RESTS).startswith(_RESTS)]
    findings = {name: findings.get(name) for name in dict.fromkeys([*basis, *LAYERS])}
    told = [[it.version, it.controllers, str(it.path)] for it in places]
    sys.stdout.write(json.dumps({"mode": named, "findings": findings, "kernel": kernel, "places": told}))


def _alone(mode: str, landlock: facts.Fact) -> dict[str, str | None]:
    """What more there is to find where Landlock is the main fence."""
    if mode == CONTAINER.name:
        return {"identity": None}
    found: dict[str, str | None] = {"identity": "all sandboxes are the executor's own user"}
    if isinstance(landlock, int) and landlock < _TRUNCATING:
        found["landlock"] = f"version {landlock} of it lets any file of this user be emptied"
    return found


def probe() -> Findings:
    """Changes the calling process (it leaves the host's mounts): for one made for it."""
    if not libc.supported():
        return dict.fromkeys(LAYERS, f"{os.uname().machine} is not a machine whose system calls are known")
    proc = namespaces.open_proc()
    findings: dict[str, str | None] = dict.fromkeys(LAYERS)
    try:
        identities = namespaces.leave_host(proc)
    except SandboxUnavailable as error:
        # Without it no other namespace can be had either.
        others = dict.fromkeys(ALL_NAMESPACES - {error.layer}, f"{_RESTS} '{error.layer}'")
        findings = {error.layer: error.reason, **others, "platform": None}
    else:
        identity = identities.take()
        if not identities.distinct:
            findings["identity"] = f"all sandboxes are user {identity.user}, which others are too"
        for name in sorted(ALL_NAMESPACES):
            flags = libc.NAMESPACE_FLAGS["user"] | libc.NAMESPACE_FLAGS[name]
            settle = functools.partial(namespaces.map_identity, proc, identity=identity)
            findings[name] = _absence(EFFECTS[name], flags, settle)
    for name in EFFECTS.keys() - ALL_NAMESPACES:
        findings[name] = _absence(EFFECTS[name], 0, lambda _pid: None)
    return findings


def _absence(effect: Effect, flags: int, settle: Callable[[int], None]) -> str | None:
    """Tries a layer in a child. A child that hangs or dies is a missing layer as well."""
    scene = Scene()
    with scene.prober, scene.line, scene.listener:
        try:
            pid = libc.clone(flags)
        except OSError as error:
            return str(error)
        if pid == 0:
            _try(effect, scene)
        scene.line.close()
        try:
            settle(pid)
            scene.prober.send(b"\0")
            return _verdict(scene.prober)
        except OSError as error:
            return str(error)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _try(effect: Effect, scene: Scene) -> NoReturn:
    reason = None
    try:
        scene.line.recv(1)
        effect(scene)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the layer did not work
        reason = str(error) or type(error).__name__
    finally:
        messages.send(scene.line, {"reason": reason})
        os._exit(0)


def _verdict(prober: socket.socket) -> str | None:
    """Answers one sealed call if the child hands over a listener."""
    while True:
        poller = select.poll()
        poller.register(prober, select.POLLIN)
        if not poller.poll(_PATIENCE * 1000):
            return f"the probe hung for {_PATIENCE:g} seconds"
        heard = messages.receive(prober)
        if heard is None:
            return "the probe died"
        message, descriptors = heard
        if "reason" in message:
            reason: str | None = message["reason"]
            return reason
        seal = Seal(descriptors[0], "getppid")
        try:
            seal.let_through(_PATIENCE)
        finally:
            seal.close()
