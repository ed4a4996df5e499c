"""The executor's handle on one sandboxed process."""

import asyncio
import contextlib
import os
import resource
import select
import signal
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()
# Percent of the budget. What is missing is address space that was promised and never touched.
_NEARLY = 85
# In the place of a system call's name: one of another architecture.
FOREIGN = "foreign"
_CRASHES = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGBUS})


Allow = Callable[[int, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Exit:
    """How it ended: a code or a signal. SIGKILL means a limit or ourselves.

    SIGSYS means that it died for a system call only an exploit makes: `syscall` is its name, FOREIGN, or None
    where the host lacks the layer "seal".
    `out_of_memory`: the kernel ended it for that, or it crashed with its budget used up. Runtimes usually say so
    on standard error, but a program that fails to allocate even its last words ends in silence.
    """

    code: int | None
    signal: int | None
    cpu_seconds: float
    max_rss: int
    out_of_memory: bool = False
    syscall: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    rss: int
    cpu_seconds: float


class Sandbox:
    """Made by Launcher.spawn. `exited` always resolves, also when the zygote dies first."""

    def __init__(self, pid: int, pidfd: int, listeners: Iterable[socket.socket], *, allow: Allow) -> None:
        """Takes over `pidfd` and `listeners`. `allow` is called with its pid and budget, for what only the zygote can
        bound; and with a limit of RLIMIT_DATA, should that be so too.
        """
        self.pid = pid
        self._allow = allow
        self._listeners = tuple(listeners)
        self._exited: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()
        self._pidfd = pidfd
        self._usage = Usage(0, 0.0)
        self._nearly_spent: int | None = None
        # Everything below /proc is reached through this, so a pid in use again is never read or limited.
        self._proc: int | None = None
        with contextlib.suppress(OSError):
            self._proc = os.open(f"/proc/{pid}", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        if _readable(pidfd):
            self._forget_proc()

    @property
    def exited(self) -> "asyncio.Future[Exit]":
        """Resolves when it is gone. Shielded: a waiter that gives up takes it from nobody else."""
        return asyncio.shield(self._exited)

    def take_listeners(self) -> tuple[socket.socket, ...]:
        """Where its connections arrive (network.py); they are the caller's from now on."""
        taken, self._listeners = self._listeners, ()
        return taken

    def kill(self) -> None:
        """SIGKILL, which nothing inside can delay. `exited` says when it is done."""
        if not self._exited.done():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def limit_memory(self, budget: int) -> None:
        """Allows `budget` bytes beyond what the program holds now; call it when the runtime has started.

        A limit can be lowered by another call, never raised.
        Counted is private writable memory (RLIMIT_DATA): exact, and most runtimes see an error they can catch.
        Where there are control groups, theirs stands behind it with some room for what a kernel adds.
        """
        text = self._read("status")
        if text is None:
            return
        held = next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmData:"))
        limit = held + budget
        refused = None
        try:
            resource.prlimit(self.pid, resource.RLIMIT_DATA, (limit, limit))
        except ProcessLookupError:
            return
        except PermissionError:
            refused = limit
        self._nearly_spent = self.usage().rss + budget * _NEARLY // 100
        self._allow(self.pid, budget, refused)

    def usage(self) -> Usage:
        """As of now, or of the last look when it is already gone."""
        text = self._read("stat")
        if text is not None:
            # The second field may hold spaces and brackets: it is the program's own name.
            fields = text.rpartition(")")[2].split()
            self._usage = Usage(int(fields[21]) * _PAGE, (int(fields[11]) + int(fields[12])) / _TICK)
        return self._usage

    def end(self, result: Exit) -> None:
        """For the launcher: the process is gone."""
        if not self._exited.done():
            spent = self._nearly_spent is not None and result.max_rss >= self._nearly_spent
            crashed = spent and result.signal in _CRASHES
            self._exited.set_result(replace(result, out_of_memory=result.out_of_memory or crashed))
            self._forget_proc()
            os.close(self._pidfd)
            for listener in self.take_listeners():
                listener.close()

    def _read(self, name: str) -> str | None:
        if self._proc is None:
            return None
        try:
            file = os.open(name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._proc)
        except (FileNotFoundError, ProcessLookupError):
            return None
        try:
            return os.read(file, 8192).decode(errors="replace")
        except ProcessLookupError:
            return None
        finally:
            os.close(file)

    def _forget_proc(self) -> None:
        if self._proc is not None:
            os.close(self._proc)
            self._proc = None


def _readable(descriptor: int) -> bool:
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(0))
