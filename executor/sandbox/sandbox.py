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
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()
# Percent of the budget. What is missing is address space that was promised and never touched.
_NEARLY = 85
# Percent of the budget, and bytes: code made by a JIT is not counted by RLIMIT_DATA either, and is no attack.
_CLEARLY = 125
_JITTER = 16 << 20
# In the place of a system call's name: one of another architecture.
FOREIGN = "foreign"
_CRASHES = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGBUS})


Allow = Callable[[int, int, int | None], None]
Weigh = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exit:
    """How it ended: a code or a signal. SIGKILL means a limit or ourselves.

    SIGSYS means that it died for a system call only an exploit makes: `syscall` is its name, FOREIGN, or None
    where the host lacks the layer "seal".
    `out_of_memory`: the kernel ended it for that, or it crashed with its budget used up. Runtimes usually say so
    on standard error, but a program that fails to allocate even its last words ends in silence.
    `grown` is by how many bytes its resident size at its largest exceeded what it was at limit_memory(), 0 without one.
    """

    code: int | None
    signal: int | None
    cpu_seconds: float
    max_rss: int
    out_of_memory: bool = False
    syscall: str | None = None
    grown: int = 0
    # Ended for more in scratch space than may be there; only where that is a directory of the host.
    overfull: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    rss: int
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """Of the main thread, in seconds since its start: on a processor, and ready for one but waiting."""

    ran: float
    waited: float
    runnable: bool  # at this moment, whether it has a processor or waits for one


class Sandbox:
    """Made by Launcher.spawn. `exited` always resolves, also when the zygote dies first."""

    def __init__(
        self, pid: int, pidfd: int, listeners: Iterable[socket.socket], *, allow: Allow, weigh: Weigh
    ) -> None:
        """Takes over `pidfd` and `listeners`. `allow` is called with its pid and budget, for what only the zygote can
        bound; and with a limit of RLIMIT_DATA, should that be so too. `weigh` with its pid and what weigh() says.
        """
        self.pid = pid
        self._allow = allow
        self._weigh = weigh
        self._listeners = tuple(listeners)
        self._exited: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()
        self._pidfd = pidfd
        self._usage = Usage(0, 0.0)
        self._budget: int | None = None
        self._resting_rss = 0
        self._resting = 0
        # Bytes of memory of its own at the last look, in all and since limit_memory().
        self.held = self.grown = 0
        self._outgrown = False
        self._overfull = False
        # Its root directory among the host's, where that is a copy made for it alone.
        self.jail: Path | None = None
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

    def interrupt(self) -> None:
        """SIGINT: a runtime that was told to (Node's --trace-sigint) says on standard error where it is."""
        if not self._exited.done():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGINT)

    def weigh(self, per_cent: int) -> None:
        """What it gets of busy processors, in per cent of what each sandbox has at first; with control groups only."""
        if not self._exited.done():
            self._weigh(self.pid, per_cent)

    def overfill(self) -> None:
        """Its scratch space holds too much: it is killed, and its exit says so."""
        self._overfull = True
        self.kill()

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
            # Stopped until the zygote has set it: what is sent from now on is read behind the limit.
            refused = limit
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGSTOP)
        self._budget, self._resting_rss, self._resting = budget, self.usage().rss, self._anonymous()
        self.held = self._resting
        self._allow(self.pid, budget, refused)

    def check_memory(self) -> None:
        """Kills it when it holds clearly more than its budget, and its exit says so. To be called now and then.

        RLIMIT_DATA forgets pages that are made read-only, and not every host has control groups.
        """
        if self._budget is not None:
            self.held = self._anonymous()
            self.grown = self.held - self._resting
            if self.grown > self._budget * _CLEARLY // 100 + _JITTER:
                self._outgrown = True
                self.kill()

    def usage(self) -> Usage:
        """As of now, or of the last look when it is already gone."""
        text = self._read("stat")
        if text is not None:
            # The second field may hold spaces and brackets: it is the program's own name.
            fields = text.rpartition(")")[2].split()
            self._usage = Usage(int(fields[21]) * _PAGE, (int(fields[11]) + int(fields[12])) / _TICK)
        return self._usage

    def schedule(self) -> Schedule | None:
        """None when it is gone, or where the kernel does not count."""
        counts, status = self._read("schedstat"), self._read("stat")
        if not counts or not status:
            return None
        ran, waited, _slices = counts.split()
        return Schedule(int(ran) / 1e9, int(waited) / 1e9, status.rpartition(")")[2].split()[0] == "R")

    def end(self, result: Exit) -> None:
        """For the launcher: the process is gone."""
        if not self._exited.done():
            self._exited.set_result(replace(self._explained(result), overfull=self._overfull))
            self._forget_proc()
            os.close(self._pidfd)
            for listener in self.take_listeners():
                listener.close()

    def _explained(self, result: Exit) -> Exit:
        if self._budget is None:
            return result
        grown = max(0, result.max_rss - self._resting_rss)
        spent = (grown >= self._budget * _NEARLY // 100 and result.signal in _CRASHES) or self._outgrown
        return replace(result, out_of_memory=result.out_of_memory or spent, grown=grown)

    def _anonymous(self) -> int:
        """Bytes of memory that are its own; pages of files are everybody's."""
        text = self._read("statm")
        if not text:
            return 0
        _size, resident, shared, *_ = text.split()
        return (int(resident) - int(shared)) * _PAGE

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
