"""One effect for each layer that shows whether it works here; each is tried in a child made for it."""

import contextlib
import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

from executor.sandbox import capabilities, landlock, libc, messages, mounts, namespaces, network, seccomp
from executor.sandbox.policy import INNER_ID
from executor.sandbox.rules import ALLOW, SEAL, Rule, refuse

_ODD_ERROR = errno.EL2HLT


class Absent(Exception):
    """The layer has no effect here."""


class Scene:
    """What a probing child must not reach, and its line to the prober."""

    def __init__(self) -> None:
        self.links = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("ipc", "cgroup")}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.prober, self.line = messages.pair()


def _user(_scene: Scene) -> None:
    os.setresgid(INNER_ID, INNER_ID, INNER_ID)
    os.setresuid(INNER_ID, INNER_ID, INNER_ID)
    if Path("/proc/self/uid_map").read_text(encoding="ascii").split()[0] != str(INNER_ID):
        raise Absent("identities of the host are still there")


def _mount(_scene: Scene) -> None:
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


def _pid(_scene: Scene) -> None:
    if os.getpid() != 1:
        raise Absent(f"a first process has pid {os.getpid()}")


def _net(scene: Scene) -> None:
    if [name for _, name in socket.if_nameindex()] != ["lo"]:
        raise Absent("interfaces of the host are still there")
    with contextlib.suppress(OSError):
        socket.create_connection(scene.listener.getsockname(), timeout=1).close()
        raise Absent("a socket of the host can be reached")
    _lead_to_listeners()


def _lead_to_listeners() -> None:
    """The way out of a sandbox: any address is answered by its own listeners."""
    any_address = ("198.18.0.1", 80)
    listener, dns = network.open_listeners([any_address[1]])
    with listener, dns, socket.create_connection(any_address, timeout=1):
        connection, _ = listener.accept()
        with connection:
            if connection.getsockname()[0].removeprefix("::ffff:") != any_address[0]:
                raise Absent("connections do not say where they were meant to go")


def _uts(_scene: Scene) -> None:
    socket.sethostname("probe")
    if socket.gethostname() != "probe":
        raise Absent("the host's name is still there")


def _ipc(scene: Scene) -> None:
    _is_another(scene, "ipc")


def _cgroup(scene: Scene) -> None:
    _is_another(scene, "cgroup")


def _is_another(scene: Scene, name: str) -> None:
    """These two have no cheaper effect to look at than their own name."""
    if os.readlink(f"/proc/self/ns/{name}") == scene.links[name]:
        raise Absent("it is still the host's")


def _landlock(_scene: Scene) -> None:
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(landlock.plan((), (), landlock.version()))
    try:
        os.listdir("/")
    except PermissionError:
        return
    raise Absent("a forbidden directory can be read")


def _seccomp(_scene: Scene) -> None:
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    rule = Rule(("getppid",), refuse(_ODD_ERROR), "to be seen refused")
    seccomp.install(seccomp.assemble([rule], unknown=ALLOW), listen=False)
    _must_fail(_ODD_ERROR)


def _seal(scene: Scene) -> None:
    """Let through once, gone afterwards."""
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    rule = Rule(("getppid",), SEAL, "to be seen sealed")
    listener = seccomp.install(seccomp.assemble([rule], unknown=ALLOW), listen=True)
    if listener is None:
        raise Absent("no listener")
    messages.send(scene.line, {}, [listener])
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


def jailed(_scene: Scene) -> None:
    """What stands in for namespaces: another root, and users that nobody else is. Not a layer of its own."""
    identities = namespaces.stay(distinct=True)
    if not identities.distinct or os.geteuid() != 0 or not capabilities.effective() >= capabilities.ESSENTIAL:
        raise Absent("it takes root, with a range of user numbers")
    identity = identities.take()
    os.chroot("/proc")
    os.chdir("/")
    os.setgroups([])
    os.setresgid(identity.group, identity.group, identity.group)
    os.setresuid(identity.user, identity.user, identity.user)
    if Path("/etc").exists():
        raise Absent("files of the host are still there")
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        return
    raise Absent("others can be signalled")


Effect = Callable[[Scene], None]
EFFECTS: dict[str, Effect] = {
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
