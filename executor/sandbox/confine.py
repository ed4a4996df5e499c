"""What a new child does to itself, in order, until it becomes the program."""

import contextlib
import dataclasses
import fcntl
import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from executor.sandbox import capabilities, landlock, libc, messages, mounts, network, seccomp
from executor.sandbox.identity import Identity
from executor.sandbox.jail import Jail
from executor.sandbox.modes import MODES, Mode
from executor.sandbox.outside import SCRATCH
from executor.sandbox.plan import Plan
from executor.sandbox.policy import INNER_ID

FAILED = 126


@dataclass(slots=True)
class Cell:
    """The child's view of its own making."""

    plan: Plan
    argv: Sequence[str]
    # inner descriptor -> the zygote's
    descriptors: Mapping[int, int]
    null: int
    zygote: socket.socket
    # Outside of what namespaces there are.
    identity: Identity
    # Whether the identity is nobody else's: only then the supplementary groups may be left.
    distinct: bool
    # Where nothing can be mounted.
    jail: Jail | None

    @property
    def mode(self) -> Mode:
        return MODES[self.plan.mode]

    def place(self, path: str) -> str:
        """Without a root of its own a sandbox has its scratch space at another path."""
        if self.jail is None or self.mode.rooted or not path.startswith(SCRATCH):
            return path
        return f"{self.jail.scratch}{path.removeprefix(SCRATCH)}"


def become_program(cell: Cell) -> NoReturn:
    """Runs in the child. Never returns: the program takes its place or it ends, having said which step failed."""
    now = "start"
    try:
        _await_leave(cell)
        for name, action in STEPS:
            now = name
            action(cell)
    except BaseException as error:  # noqa: BLE001 - it must not go on as a second zygote
        reason = f"{type(error).__name__}: {error}"
        messages.send(cell.zygote, {"failed": now, "reason": reason})
    finally:
        os._exit(FAILED)


def _await_leave(cell: Cell) -> None:
    if not cell.zygote.recv(1):
        raise ConnectionError("the zygote has died")


def _enter_jail(cell: Cell) -> None:
    if cell.jail is not None and cell.mode.jailed:
        os.chroot(cell.jail.path)
        os.chdir("/")


def _take_identity(cell: Cell) -> None:
    if not cell.mode.namespaces:
        # It goes with the identity, and what it empties later.
        _forgo_bounding_set()
    if cell.distinct:
        os.setgroups([])
    user, group = (INNER_ID, INNER_ID) if cell.mode.namespaces else (cell.identity.user, cell.identity.group)
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)


def _forgo_bounding_set() -> None:
    """Where that takes a capability which the host does not give: no_new_privs makes it a second lock anyway."""
    with contextlib.suppress(PermissionError):
        capabilities.empty_bounding_set()


def _name_host(cell: Cell) -> None:
    if cell.plan.hostname is not None:
        socket.sethostname(cell.plan.hostname)


def _mount(cell: Cell) -> None:
    # After the identity, so that the new file systems belong to it.
    for path, data in cell.plan.tmpfs:
        mounts.mount_tmpfs(path, data)
    os.chdir(cell.place(cell.plan.directory))


def _open_network(cell: Cell) -> None:
    """Before the capabilities go. Our own copies of the listeners are closed with all other descriptors."""
    if cell.plan.ports:
        listeners = [listener.detach() for listener in network.open_listeners(cell.plan.ports)]
        messages.send(cell.zygote, {"listening": True}, listeners)


def _leave_session(_cell: Cell) -> None:
    """Its own session and process group, every signal as a fresh program expects it, no umask surprise."""
    os.setsid()
    os.umask(0o077)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        # Python ignores SIGPIPE and SIGXFSZ, and ignoring is inherited.
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _take_descriptors(cell: Cell) -> None:
    """Exactly the given ones, something for missing standard ones, and the line to the zygote until execve."""
    # Nothing to read, and its own: /dev/null's flags and locks would be a message from one sandbox to the next.
    nothing, writer = os.pipe()
    os.close(writer)
    wanted = {0: nothing, 1: cell.null, 2: cell.null, **cell.descriptors}
    above = max(wanted) + 1
    # First out of the way, then in place: a source may sit on another's target.
    parked = {inner: fcntl.fcntl(outer, fcntl.F_DUPFD_CLOEXEC, above) for inner, outer in wanted.items()}
    cell.zygote = socket.socket(fileno=fcntl.fcntl(cell.zygote.fileno(), fcntl.F_DUPFD_CLOEXEC, above))
    for inner, outer in parked.items():
        os.dup2(outer, inner, inheritable=True)
    kept = sorted({*wanted, cell.zygote.fileno()})
    for before, after in zip([-1, *kept], [*kept, 0x8000_0000], strict=True):
        libc.close_from(before + 1, after - 1)


def _limit(cell: Cell) -> None:
    for number, value in cell.plan.rlimits:
        resource.setrlimit(number, (value, value))


def _drop_privileges(cell: Cell) -> None:
    if cell.mode.namespaces:
        capabilities.empty_bounding_set()
    capabilities.keep(frozenset())
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)


def _die_with_zygote(_cell: Cell) -> None:
    """After every change of credentials: each of them forgets the signal."""
    libc.prctl(libc.PR_SET_DUMPABLE, 0)
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)


def _fence(cell: Cell) -> None:
    if cell.plan.landlock is not None:
        rows = [[cell.place(path), access] for path, access in cell.plan.landlock.rows]
        landlock.restrict(dataclasses.replace(cell.plan.landlock, rows=rows))


def _filter(cell: Cell) -> None:
    """Last: from here on only what the program may do works. The zygote's answer proves that it still lives."""
    listener = None
    if cell.plan.program is not None:
        listener = seccomp.install(bytes.fromhex(cell.plan.program), listen=cell.plan.sealed)
    messages.send(cell.zygote, {"confined": True}, [] if listener is None else [listener])
    if listener is not None:
        os.close(listener)


def _execute(cell: Cell) -> None:
    argv = [cell.place(word) for word in cell.argv]
    environment = {name: cell.place(value) for name, value in cell.plan.environment.items()}
    os.execve(argv[0], argv, environment)  # noqa: S606 - no shell, which is the point


STEPS: tuple[tuple[str, Callable[[Cell], None]], ...] = (
    ("root", _enter_jail),
    ("identity", _take_identity),
    ("host name", _name_host),
    ("mounts", _mount),
    ("network", _open_network),
    ("session", _leave_session),
    ("descriptors", _take_descriptors),
    ("rlimits", _limit),
    ("privileges", _drop_privileges),
    ("parent", _die_with_zygote),
    ("landlock", _fence),
    ("seccomp", _filter),
    ("execve", _execute),
)
