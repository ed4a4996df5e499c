"""The first execve is let through by the zygote; then nobody listens and every later one is ENOSYS."""

import fcntl
import os
import select
import struct

_RECEIVE = 0xC050_2100
_SEND = 0xC018_2101
_CONTINUE = 1
_NOTIFICATION_SIZE = 80


def answer_once(listener: int, number: int, timeout: float) -> None:
    """Lets one waiting call `number` go on and closes the listener, whatever happens.

    Letting it go on without looking at its arguments is sound only because the caller is our own code.
    """
    try:
        poller = select.poll()
        poller.register(listener, select.POLLIN)
        if not any(event & select.POLLIN for _, event in poller.poll(timeout * 1000)):
            raise OSError("the sealed call did not come")
        notification = bytearray(_NOTIFICATION_SIZE)
        fcntl.ioctl(listener, _RECEIVE, notification, True)
        identifier, _pid, _flags, called = struct.unpack_from("=QIIi", notification)
        if called != number:
            raise OSError(f"expected system call {number}, saw {called}")
        fcntl.ioctl(listener, _SEND, bytearray(struct.pack("=QqiI", identifier, 0, 0, _CONTINUE)), True)
    finally:
        os.close(listener)
