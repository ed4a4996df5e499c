"""Why a worker died or a request was stopped, in words for the caller and the team's log."""

import re
import signal
from dataclasses import dataclass

from executor.contract import Limits
from executor.limit import MIB, size
from executor.limits import LIMITS
from executor.sandbox.sandbox import FOREIGN, Exit

# Exit code of a guest that answered an uncaught exception and then ended itself (guest/node/main.js).
UNCAUGHT_EXIT = 70
BYSTANDER = "Another request crashed the process that served this one. Send it again."
_OUT_OF_MEMORY_MARKS = (b"out of memory", b"bad_alloc", b"Failed to reserve")
# "Reached heap limit", "Ineffective mark-compacts near heap limit": V8 gave up by itself.
_HEAP_MARK = b"heap limit"
# V8's last words about a collection: "… Mark-Compact 95.9 (99.0) -> 94.9 (97.2) MB, …"
_HEAP_LEFT = re.compile(rb"-> ([0-9]{1,6}\.[0-9]) \([0-9.]+\) MB")


@dataclass(frozen=True, slots=True)
class Death:
    """`status` and `message` are for the request that caused it; others on the worker get 503.

    What only an attack does is also a SecurityEvent: `breach` is its kind, `what` as there.
    """

    kind: str  # timeout | blocked | cpu | memory | scratch | crash | exploit | protocol | ended
    status: int
    message: str
    detail: str
    breach: str = ""
    what: str = ""


def _reached(name: str, limit: int, used: float) -> str:
    return LIMITS[name].reached(limit, used)


def blocked(limits: Limits, *, used_ms: float, place: str = "") -> Death:
    limit = limits.blocked_ms
    detail = f"killed: event loop blocked for {limit:,} ms{place} {_reached('blocked_ms', limit, used_ms)}"
    # The wording of the message is the original's: Auth0's rule runner compares it.
    return Death("blocked", 500, "Blocked event loop.", detail)


def exhausted(limits: Limits, *, used_ms: float, place: str = "", idle: bool = False) -> Death:
    """`idle`: no request was open, a timer or the like went on."""
    limit = limits.cpu_ms
    when = " while no request was open" if idle else ""
    detail = f"killed: used {limit:,} ms of CPU{when}{place} {_reached('cpu_ms', limit, used_ms)}"
    return Death("cpu", 500, f"The webtask used more than its limit of {limit:,} ms of CPU.", detail)


def overdue(limits: Limits, *, used_ms: float) -> Death:
    limit = limits.wall_ms
    detail = f"stopped: nothing answered for {limit:,} ms {_reached('wall_ms', limit, used_ms)}"
    return Death("timeout", 504, "Request to Webtask exceeded allowed execution time", detail)


def silent(limits: Limits, *, used_ms: float) -> Death:
    """A connection that speaks another protocol than HTTP."""
    limit = limits.wall_ms
    detail = f"closed: nothing passed for {limit:,} ms {_reached('wall_ms', limit, used_ms)}"
    return Death("timeout", 504, "Request to Webtask exceeded allowed execution time", detail)


def broken_protocol(reason: str) -> Death:
    message = "The webtask's process broke the frame protocol."
    return Death("protocol", 502, message, f"killed: {reason}", breach="protocol", what=reason)


def ended(reason: str) -> Death:
    """The executor itself ended the worker: shutdown, eviction."""
    return Death("ended", 503, f"The worker ended: {reason}.", f"ended: {reason}")


def uncaught() -> Death:
    """The guest has answered the request that threw; whoever is left over is a bystander."""
    return Death("crash", 503, BYSTANDER, "ended: uncaught exception")


def from_exit(exit_: Exit, *, stderr: bytes, limits: Limits) -> Death:
    """Reads an exit the executor did not order. `stderr` is the tail of what the process last wrote there."""
    if exit_.out_of_memory or any(mark in stderr for mark in _OUT_OF_MEMORY_MARKS):
        return _out_of_memory(exit_, stderr, limits.memory_bytes)
    if exit_.overfull:
        return _overfull()
    if exit_.signal == signal.SIGSYS:  # seccomp's answer to calls that only an exploit makes
        return _exploit(exit_.syscall)
    if exit_.code == UNCAUGHT_EXIT:
        return uncaught()
    how = f"signal {exit_.signal}" if exit_.signal is not None else f"exit code {exit_.code}"
    return Death("crash", 500, f"The webtask's process ended unexpectedly ({how}).", f"ended: {how}")


def _overfull() -> Death:
    """Where /tmp cannot be a file system of its own, nobody hears of ENOSPC."""
    tmp, files = LIMITS["tmp_bytes"], LIMITS["tmp_inodes"]
    bounds = f"limit of {tmp.title}: {tmp.text(tmp.default)}, {files.title}: {files.text(files.default)}"
    return Death(
        "scratch", 500, "The webtask put too much into /tmp.", f"killed: /tmp is over full ({bounds})"
    )


def _exploit(syscall: str | None) -> Death:
    message = "The webtask made a forbidden system call."
    if syscall == FOREIGN:
        text = "killed: forbidden system call of another architecture"
        return Death("exploit", 500, message, text, breach="architecture", what="another architecture")
    text = f"killed: forbidden system call {syscall or ''}".rstrip()
    return Death("exploit", 500, message, text, breach="syscall", what=syscall or "")


def _out_of_memory(exit_: Exit, stderr: bytes, memory: int) -> Death:
    """V8 says when the heap alone was too large; else the kernel refused what heap and the rest asked for together."""
    left = _HEAP_LEFT.findall(stderr)
    heap = float(left[-1]) * MIB if left else 0.0
    if _HEAP_MARK in stderr:
        what = f"JavaScript heap {_reached('heap_bytes', memory * 3 // 4, heap or exit_.grown)}"
    else:
        beside = f"JavaScript heap {size(heap)} and " if heap else ""
        what = f"{beside}native memory {_reached('memory_bytes', memory, exit_.grown)}"
    message = f"The webtask ran out of memory (limit {size(memory)})."
    return Death("memory", 500, message, f"killed: out of memory: {what}")
