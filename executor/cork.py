"""One system call for what is written in one turn of the event loop.

Transports write at once. An answer's head, body and end come out of one read of the worker's channel, and the
frames of many clients' requests out of one turn of the loop: written one by one, the system calls cost more than
all of our own code.
"""

import asyncio


class Cork:
    __slots__ = ("_loop", "_parts", "_transport")

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.WriteTransport) -> None:
        self._loop = loop
        self._transport = transport
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(data)

    def flush(self) -> None:
        """To be called before the transport is closed or handed on."""
        parts, self._parts = self._parts, []
        if parts and not self._transport.is_closing():
            self._transport.write(parts[0] if len(parts) == 1 else b"".join(parts))
