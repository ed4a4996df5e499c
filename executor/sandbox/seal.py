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

from executor.sandbox.syscalls import NUMBERS

_RECEIVE = 0xC050_2100
_SEND = 0xC018_2101
_CONTINUE = 1
_NOTIFICATION_SIZE = 80
# A program that goes on asking for what it cannot have must not keep the zygote busy.
_MOST_REFUSALS = 8
_NAMES = {number: name for name, number in NUMBERS.items()}


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
        if not _readable(self.listener, timeout):
            raise OSError("the sealed call did not come")
        identifier, number = self._receive()
        if number != self._call:
            raise OSError(f"expected system call {self._call}, saw {number}")
        self._answer(identifier, 0, _CONTINUE)

    def hear(self) -> str | None:
        """Answers the call that waits, or returns the name of one for which the sandbox must die. Never blocks."""
        # A signal may have called the caller back meanwhile, and then receiving would block.
        if not _readable(self.listener, 0):
            return None
        self._heard += 1
        try:
            identifier, number = self._receive()
        except FileNotFoundError:  # called back just now; it may come again
            identifier, number = None, self._call
        if number != self._call or self._heard > _MOST_REFUSALS:
            return _NAMES.get(number, f"number {number}")
        if identifier is not None:
            self._refuse(identifier)
        return None

    def close(self) -> None:
        os.close(self.listener)

    def _receive(self) -> tuple[int, int]:
        notification = bytearray(_NOTIFICATION_SIZE)
        fcntl.ioctl(self.listener, _RECEIVE, notification, True)
        identifier, _pid, _flags, number = struct.unpack_from("=QIIi", notification)
        return identifier, number

    def _refuse(self, identifier: int) -> None:
        # Where it fails the caller is gone, or was called back and comes again.
        with contextlib.suppress(FileNotFoundError):
            self._answer(identifier, -errno.ENOSYS, 0)

    def _answer(self, identifier: int, error: int, flags: int) -> None:
        answer = bytearray(struct.pack("=QqiI", identifier, 0, error, flags))
        fcntl.ioctl(self.listener, _SEND, answer, True)


def _readable(descriptor: int, timeout: float) -> bool:
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return any(event & select.POLLIN for _, event in poller.poll(max(0.0, timeout) * 1000))
