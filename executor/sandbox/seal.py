"""The zygote's ear at a sandbox's filter: its first execve goes through, later ones are unknown, a deadly call is named.

A call that waits here has not happened, and never will unless it is let through. When nobody listens any more the
kernel answers it with ENOSYS.
"""

import contextlib
import errno
import fcntl
import os
import select
import struct
from dataclasses import dataclass

from executor.sandbox.syscalls import NAMES, NUMBERS

_RECEIVE = 0xC050_2100
_SEND = 0xC018_2101
# The kernel's flag for "go on as if nobody had listened".
CONTINUE = 1
# struct seccomp_notif: identifier, pid, flags, number, architecture, instruction pointer, arguments.
_NOTIFICATION = struct.Struct("=QIIiIQ6Q")
# A program that goes on asking for what it cannot have must not keep the zygote busy.
_MOST_REFUSALS = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that has not happened yet, under the number by which the kernel knows it."""

    identifier: int
    number: int
    arguments: tuple[int, ...]


class Seal:
    """Takes over `listener`. `call` is what is let through once."""

    def __init__(self, listener: int, call: str = "execve") -> None:
        self.listener = listener
        self._call = NUMBERS[call]
        self._heard = 0

    def let_through(self, timeout: float) -> None:
        """The first call, within `timeout` seconds. Raises OSError when it does not come or is another.

        Letting it go on without looking at its arguments is sound only because the caller is our own code.
        """
        if not readable(self.listener, timeout):
            raise OSError("the sealed call did not come")
        waiting = self._receive()
        if waiting.number != self._call:
            raise OSError(f"expected system call {self._call}, saw {waiting.number}")
        self._answer(waiting, 0, CONTINUE)

    def hear(self) -> str | None:
        """Answers the call that waits, or returns the name of one for which the sandbox must die. Never blocks."""
        # A signal may have called the caller back meanwhile, and then receiving would block.
        if not readable(self.listener, 0):
            return None
        self._heard += 1
        waiting = None
        # Called back just now, it may come again.
        with contextlib.suppress(FileNotFoundError):
            waiting = self._receive()
        number = waiting.number if waiting is not None else self._call
        if number != self._call or self._heard > _MOST_REFUSALS:
            return NAMES.get(number, f"number {number}")
        if waiting is not None:
            self._refuse(waiting, errno.ENOSYS)
        return None

    def close(self) -> None:
        os.close(self.listener)

    def _receive(self) -> Waiting:
        notification = bytearray(_NOTIFICATION.size)
        fcntl.ioctl(self.listener, _RECEIVE, notification, True)
        identifier, _pid, _flags, number, _machine, _at, *arguments = _NOTIFICATION.unpack(notification)
        return Waiting(identifier, number, tuple(arguments))

    def _refuse(self, waiting: Waiting, number: int) -> None:
        # Where it fails the caller is gone, or was called back and comes again.
        with contextlib.suppress(FileNotFoundError):
            self._answer(waiting, -number, 0)

    def _answer(self, waiting: Waiting, error: int, flags: int) -> None:
        answer = bytearray(struct.pack("=QqiI", waiting.identifier, 0, error, flags))
        fcntl.ioctl(self.listener, _SEND, answer, True)


def readable(descriptor: int, timeout: float) -> bool:
    """Whether something is there to be received within `timeout` seconds."""
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return any(event & select.POLLIN for _, event in poller.poll(max(0.0, timeout) * 1000))
