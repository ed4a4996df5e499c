"""What a new child does to itself, in order, until it becomes the program."""

import fcntl
import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from executor.sandbox import capabilities, landlock, libc, messages, mounts, network, seccomp
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
    # Whether the identity is nobody else's: only then the supplementary groups may be left.
    distinct: bool


def become_program(cell: Cell) -> NoReturn:
    """Runs in the child. Never returns: the program takes its place or it ends, having said which step failed."""
    now = "start"
    try:
        cell.zygote.recv(1)
        for name, action in STEPS:
            now = name
            action(cell)
    except BaseException as error:  # noqa: BLE001 - it must not go on as a second zygote
        reason = f"{type(error).__name__}: {error}"
        messages.send(cell.zygote, {"failed": now, "reason": reason})
    finally:
        os._exit(FAILED)


def _take_identity(cell: Cell) -> None:
    if cell.distinct:
        os.setgroups([])
    os.setresgid(INNER_ID, INNER_ID, INNER_ID)
    os.setresuid(INNER_ID, INNER_ID, INNER_ID)


def _name_host(cell: Cell) -> None:
    if cell.plan.hostname is not None:
        socket.sethostname(cell.plan.hostname)


def _mount(cell: Cell) -> None:
    # After the identity, so that the new file systems belong to it.
    for path, data in cell.plan.tmpfs:
        mounts.mount_tmpfs(path, data)
    os.chdir(cell.plan.directory)


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
    """Exactly the given ones, /dev/null for missing standard ones, and the line to the zygote until execve."""
    wanted = {0: cell.null, 1: cell.null, 2: cell.null, **cell.descriptors}
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


def _drop_privileges(_cell: Cell) -> None:
    capabilities.empty_bounding_set()
    capabilities.keep(frozenset())
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)


def _die_with_zygote(_cell: Cell) -> None:
    """After every change of credentials: each of them forgets the signal."""
    libc.prctl(libc.PR_SET_DUMPABLE, 0)
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)


def _fence(cell: Cell) -> None:
    if cell.plan.landlock is not None:
        landlock.restrict(cell.plan.landlock)


def _filter(cell: Cell) -> None:
    """Last: from here on only what the program may do works. The zygote's answer proves that it still lives."""
    listener = None
    if cell.plan.program is not None:
        listener = seccomp.install(bytes.fromhex(cell.plan.program), listen=cell.plan.sealed)
    messages.send(cell.zygote, {"confined": True}, [] if listener is None else [listener])
    if listener is not None:
        os.close(listener)


def _execute(cell: Cell) -> None:
    os.execve(cell.argv[0], list(cell.argv), cell.plan.environment)  # noqa: S606 - no shell, which is the point


STEPS: tuple[tuple[str, Callable[[Cell], None]], ...] = (
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
