"""Two ends of one connection, joined: what comes out of one goes into the other, no faster than it is taken."""

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Callable
from typing import Protocol, cast

# What waits for a slow reader, in each direction, before the writer is stopped; one read more can be on its way.
_BUFFER = 64 * 1024
# After one side has said its last word the other may go on; one that also stays silent for this long is gone.
HALF_CLOSED_SECONDS = 120.0
FLUSH_SECONDS = 30.0
_RESET = struct.pack("ii", 1, 0)


class Account(Protocol):
    """Who pays for the bytes."""

    def spend(self, amount: int) -> str | None:
        """Why the connection must be cut, or None."""
        ...


class Connection:
    """`sent` and `received` as the webtask sees them. `on_over` is called once, with why it broke, or ""."""

    def __init__(self, account: Account, on_over: Callable[[str], None]) -> None:
        self.sent = 0
        self.received = 0
        self.inner = _Side(self, inner=True)
        self.outer = _Side(self, inner=False)
        self._account = account
        self._on_over = on_over
        self._over = False
        self._lingering: asyncio.TimerHandle | None = None
        self.inner.other, self.outer.other = self.outer, self.inner

    def count(self, amount: int, *, inner: bool) -> bool:
        """False when it has been cut."""
        if inner:
            self.sent += amount
        else:
            self.received += amount
        why = self._account.spend(amount)
        if why is not None:
            self.cut(why)
        return why is None

    def cut(self, why: str) -> None:
        """Both sides see a reset."""
        self._end(why, reset=True)

    def lost(self, error: Exception | None, *, inner: bool) -> None:
        """One side is gone for good; what was written to the other still goes out unless that was a break.

        A webtask may drop a connection as it likes: that is no failure.
        """
        self._end("" if error is None or inner else describe(error), reset=error is not None)

    def half_closed(self) -> None:
        if self.inner.ended and self.outer.ended:
            self._end("", reset=False)
        else:
            self._linger(self.sent + self.received)

    def _linger(self, moved: int) -> None:
        now = self.sent + self.received
        if self._lingering is not None and moved == now:
            self.cut("one side was closed, the other silent")
            return
        loop = asyncio.get_running_loop()
        self._lingering = loop.call_later(HALF_CLOSED_SECONDS, self._linger, now)

    def _end(self, why: str, *, reset: bool) -> None:
        if self._over:
            return
        self._over = True
        if self._lingering is not None:
            self._lingering.cancel()
        for side in (self.inner, self.outer):
            side.close(reset=reset)
        self._on_over(why)


class _Side(asyncio.Protocol):
    other: "_Side"

    def __init__(self, connection: Connection, *, inner: bool) -> None:
        self.ended = False
        self._connection = connection
        self._inner = inner
        self._transport: asyncio.Transport | None = None
        # What the other side said before this one was there: a transport reads as soon as it is made.
        self._early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._transport.set_write_buffer_limits(high=_BUFFER)
        early, self._early = self._early, []
        for data in early:
            self._transport.write(data)
        if self.other.ended:
            self.write_eof()
        elif early:
            self.other.resume()

    def data_received(self, data: bytes) -> None:
        if self._connection.count(len(data), inner=self._inner):
            self.other.write(data)

    def eof_received(self) -> bool:
        self.ended = True
        self.other.write_eof()
        self._connection.half_closed()
        # Stay open for what the other side still has to say.
        return True

    def pause_writing(self) -> None:
        self.other.pause()

    def resume_writing(self) -> None:
        self.other.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connection.lost(exc, inner=self._inner)

    def write(self, data: bytes) -> None:
        if self._transport is None:
            self._early.append(data)
            self.other.pause()
        else:
            self._transport.write(data)

    def write_eof(self) -> None:
        if self._transport is not None:
            # It may have gone a moment ago, which it will say itself.
            with contextlib.suppress(OSError):
                self._transport.write_eof()

    def pause(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def close(self, *, reset: bool) -> None:
        transport = self._transport
        if transport is None:
            return
        if reset:
            refuse(cast("socket.socket", transport.get_extra_info("socket")))
            transport.abort()
            return
        transport.close()
        if transport.get_write_buffer_size():
            # Nobody may keep our memory by never reading.
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, transport.abort)


def refuse(end: socket.socket) -> None:
    """Closing it will reset the connection, so that its peer does not take the end for a proper one."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def describe(error: Exception) -> str:
    """In the kernel's words where it has some: event loops have their own."""
    number = error.errno if isinstance(error, OSError) else None
    return (os.strerror(number) if number else str(error) or type(error).__name__).lower()
