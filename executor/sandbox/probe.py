"""Whether this host really gives each layer: by its effect, in a child, as a sandbox would use it.

A system call that succeeds proves nothing: some hosts let unshare() through and refuse what follows.
`look` runs this module as a small program of its own, away from the big process that asks.
"""

import asyncio
import errno
import json
import os
import select
import signal
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from executor.sandbox import isolated, landlock, libc, messages, mounts, namespaces, seal, seccomp
from executor.sandbox.errors import SandboxUnavailable
from executor.sandbox.identity import Identities
from executor.sandbox.layers import ACTIVE, LAYERS
from executor.sandbox.policy import ALL_NAMESPACES, INNER_ID
from executor.sandbox.rules import ALLOW, SEAL, Rule, refuse
from executor.sandbox.syscalls import NUMBERS

_PATIENCE = 5.0
_ODD_ERROR = errno.EL2HLT

Findings = Mapping[str, str | None]


class Absent(Exception):
    """The layer has no effect here."""


async def look() -> Findings:
    """Layer -> None, or the reason why it cannot be had."""
    process = await asyncio.create_subprocess_exec(
        *isolated.command("probe"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env=isolated.environment(),
        cwd="/",
        start_new_session=True,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise SandboxUnavailable(
            "platform", f"the probe ended with {process.returncode}", LAYERS["platform"].remedy
        )
    findings: dict[str, str | None] = json.loads(output)
    return findings


def judge(findings: Findings, *, wanted: Iterable[str], accepted: frozenset[str]) -> dict[str, str]:
    """What the launcher shows of each layer. Raises SandboxUnavailable for the first one missing without leave."""
    layers = {}
    for name, layer in LAYERS.items():
        reason = findings[name]
        if name in ALL_NAMESPACES.difference(wanted):
            continue
        if reason and not layer.acceptable:
            raise SandboxUnavailable(name, reason, layer.remedy)
        if reason and name not in accepted:
            raise SandboxUnavailable(name, reason, f"{layer.remedy}; or accept to go without: {layer.keeps}")
        layers[name] = f"accepted: missing ({reason})" if reason else ACTIVE
    return layers


def main() -> None:
    print(json.dumps(probe()))  # noqa: T201 - this is the answer to look()


def probe() -> Findings:
    """Changes the calling process (it leaves the host's mounts): for a process made for it."""
    if not libc.supported():
        return dict.fromkeys(LAYERS, f"{os.uname().machine} is not a machine whose system calls are known")
    findings: dict[str, str | None] = dict.fromkeys(LAYERS)
    try:
        host = _Host()
    except SandboxUnavailable as error:
        # Without it no other namespace can be had either.
        findings |= dict.fromkeys(ALL_NAMESPACES, f"it needs the layer '{error.layer}'")
        findings[error.layer] = error.reason
        return findings | {name: _absence(name, None) for name in _EFFECTS.keys() - ALL_NAMESPACES}
    return findings | {name: _absence(name, host) for name in _EFFECTS}


class _Host:
    """The probing process as the zygote would be, and what its children must not reach."""

    def __init__(self) -> None:
        self.proc = namespaces.open_proc()
        shared = namespaces.leave_host(self.proc)
        self.identity = Identities(shared=shared).take()
        self.name = socket.gethostname()
        self.links = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("ipc", "cgroup")}
        self.listener = socket.create_server(("127.0.0.1", 0))


def _absence(name: str, host: _Host | None) -> str | None:
    """Tries the layer in a child. A child that hangs or dies is a missing layer as well."""
    flags = 0
    if host is not None and name in ALL_NAMESPACES:
        flags = libc.NAMESPACE_FLAGS["user"] | libc.NAMESPACE_FLAGS[name]
    mine, its = messages.pair()
    with mine, its:
        try:
            pid = libc.clone(flags)
        except OSError as error:
            return str(error)
        if pid == 0:
            _try(_EFFECTS[name], host, its)
        its.close()
        try:
            if flags and host is not None:
                namespaces.map_identity(host.proc, pid, host.identity)
            mine.send(b"\0")
            return _verdict(mine)
        except OSError as error:
            return str(error)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _try(effect: "Effect", host: _Host | None, line: socket.socket) -> NoReturn:
    reason = None
    try:
        line.recv(1)
        effect(host, line)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the layer did not work
        reason = str(error) or type(error).__name__
    finally:
        messages.send(line, {"reason": reason})
        os._exit(0)


def _verdict(line: socket.socket) -> str | None:
    """Answers one sealed call if the child hands over a listener."""
    while True:
        poller = select.poll()
        poller.register(line, select.POLLIN)
        if not poller.poll(_PATIENCE * 1000):
            return f"the probe hung for {_PATIENCE:g} seconds"
        heard = messages.receive(line)
        if heard is None:
            return "the probe died"
        message, descriptors = heard
        if "reason" in message:
            reason: str | None = message["reason"]
            return reason
        seal.answer_once(descriptors[0], NUMBERS["getppid"], _PATIENCE)


def _user(_host: _Host | None, _line: socket.socket) -> None:
    os.setresgid(INNER_ID, INNER_ID, INNER_ID)
    os.setresuid(INNER_ID, INNER_ID, INNER_ID)
    if Path("/proc/self/uid_map").read_text(encoding="ascii").split()[0] != str(INNER_ID):
        raise Absent("identities of the host are still there")


def _mount(_host: _Host | None, _line: socket.socket) -> None:
    mounts.mount_tmpfs("/tmp", "size=1m,mode=0700")  # noqa: S108 - a private one, which is the point
    mounts.enter_root("/tmp")  # noqa: S108
    if os.listdir("/"):
        raise Absent("files of the host are still there")
    try:
        os.mkdir("/probe")
    except OSError as error:
        if error.errno == errno.EROFS:
            return
    raise Absent("the root can be written to")


def _pid(_host: _Host | None, _line: socket.socket) -> None:
    if os.getpid() != 1:
        raise Absent(f"a first process has pid {os.getpid()}")


def _net(host: _Host | None, _line: socket.socket) -> None:
    if host is None or [name for _, name in socket.if_nameindex()] != ["lo"]:
        raise Absent("interfaces of the host are still there")
    try:
        socket.create_connection(host.listener.getsockname(), timeout=1).close()
    except OSError:
        return
    raise Absent("a socket of the host can be reached")


def _uts(_host: _Host | None, line: socket.socket) -> None:
    socket.sethostname("probe")


def _ipc(host: _Host | None, _line: socket.socket) -> None:
    _is_another(host, "ipc")


def _cgroup(host: _Host | None, _line: socket.socket) -> None:
    _is_another(host, "cgroup")


def _is_another(host: _Host | None, name: str) -> None:
    """These two have no cheaper effect to look at than their own name."""
    if host is None or os.readlink(f"/proc/self/ns/{name}") == host.links[name]:
        raise Absent("it is still the host's")


def _landlock(_host: _Host | None, _line: socket.socket) -> None:
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(landlock.plan((), landlock.version()))
    try:
        os.listdir("/")
    except PermissionError:
        return
    raise Absent("a forbidden directory can be read")


def _seccomp(_host: _Host | None, _line: socket.socket) -> None:
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    rule = Rule(("getppid",), refuse(_ODD_ERROR), "to be seen refused")
    seccomp.install(seccomp.assemble([rule], unknown=ALLOW), listen=False)
    _must_fail(_ODD_ERROR)


def _seal(_host: _Host | None, line: socket.socket) -> None:
    """Let through once, gone afterwards."""
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    rule = Rule(("getppid",), SEAL, "to be seen sealed")
    listener = seccomp.install(seccomp.assemble([rule], unknown=ALLOW), listen=True)
    if listener is None:
        raise Absent("no listener")
    messages.send(line, {}, [listener])
    os.close(listener)
    os.getppid()
    _must_fail(errno.ENOSYS)


def _must_fail(number: int) -> None:
    try:
        libc.call("getppid")
    except OSError as error:
        if error.errno == number:
            return
        raise
    raise Absent("the filter has no effect")


Effect = Callable[[_Host | None, socket.socket], None]
_EFFECTS: dict[str, Effect] = {
    "user": _user,
    "mount": _mount,
    "pid": _pid,
    "net": _net,
    "ipc": _ipc,
    "uts": _uts,
    "cgroup": _cgroup,
    "landlock": _landlock,
    "seccomp": _seccomp,
    "seal": _seal,
}


if __name__ == "__main__":
    main()
