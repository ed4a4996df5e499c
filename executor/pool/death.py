"""Why a worker died, in words for the caller and the team's log."""

import signal
from dataclasses import dataclass

from executor.sandbox.sandbox import FOREIGN, Exit

# Exit code of a guest that answered an uncaught exception and then ended itself (guest/node/main.js).
UNCAUGHT_EXIT = 70
BYSTANDER = "Another request crashed the process that served this one. Send it again."
OUT_OF_MEMORY_MARKS = (b"out of memory", b"bad_alloc", b"Failed to reserve")


@dataclass(frozen=True, slots=True)
class Death:
    """`status` and `message` are for the request that caused it; others on the worker get 503.

    What only an attack does is also a SecurityEvent: `breach` is its kind, `what` as there.
    """

    kind: str  # timeout | blocked | memory | crash | exploit | protocol | ended
    status: int
    message: str
    detail: str
    breach: str = ""
    what: str = ""


def blocked(limit_ms: int) -> Death:
    # The wording of `message` is the original's: Auth0's rule runner compares it.
    return Death("blocked", 500, "Blocked event loop.", f"killed: event loop blocked for {limit_ms:,} ms")


def overdue(limit_ms: int) -> Death:
    return Death(
        "timeout",
        504,
        "Request to Webtask exceeded allowed execution time",
        f"stopped: nothing answered for {limit_ms:,} ms",
    )


def broken_protocol(reason: str) -> Death:
    message = "The webtask's process broke the frame protocol."
    return Death("protocol", 502, message, f"killed: {reason}", breach="protocol", what=reason)


def ended(reason: str) -> Death:
    """The executor itself ended the worker: shutdown, eviction."""
    return Death("ended", 503, f"The worker ended: {reason}.", f"ended: {reason}")


def from_exit(exit_: Exit, *, stderr: bytes, memory_bytes: int) -> Death:
    """Reads an exit the executor did not order. `stderr` is the tail of what the process last wrote there."""
    mebibytes = memory_bytes // (1024 * 1024)
    if exit_.out_of_memory or any(mark in stderr for mark in OUT_OF_MEMORY_MARKS):
        text = f"killed: out of memory (limit {mebibytes} MiB)"
        return Death("memory", 500, f"The webtask ran out of memory (limit {mebibytes} MiB).", text)
    if exit_.signal == signal.SIGSYS:  # seccomp's answer to calls that only an exploit makes
        return _exploit(exit_.syscall)
    if exit_.code == UNCAUGHT_EXIT:
        # The guest has answered the request that threw; whoever is left over is a bystander.
        return Death("crash", 503, BYSTANDER, "ended: uncaught exception")
    how = f"signal {exit_.signal}" if exit_.signal is not None else f"exit code {exit_.code}"
    return Death("crash", 500, f"The webtask's process ended unexpectedly ({how}).", f"ended: {how}")


def _exploit(syscall: str | None) -> Death:
    message = "The webtask made a forbidden system call."
    if syscall == FOREIGN:
        text = "killed: forbidden system call of another architecture"
        return Death("exploit", 500, message, text, breach="architecture", what="another architecture")
    text = f"killed: forbidden system call {syscall or ''}".rstrip()
    return Death("exploit", 500, message, text, breach="syscall", what=syscall or "")
