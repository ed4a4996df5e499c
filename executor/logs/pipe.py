"""The reading end of a pipe that a guest writes lines to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

MAX_LINE = 64 * 1024  # a guest cuts its text at 16,896 characters; this is for one that does not
# A guest that is over its budget is read this slowly: looking at what will be dropped must not fill our days.
PAUSE_SECONDS = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """Who takes what comes out of a pipe.

    `room` is how many lines are wanted now; `line` gets each of them; `drop` gets the rest of what has come,
    whole lines with their ends; `end` is called once, after the last byte.
    """

    room: Callable[[], int]
    line: Callable[[bytes], None]
    drop: Callable[[bytes], None]
    end: Callable[[], None]


class LinePipe(asyncio.Protocol):
    """Cuts a pipe into lines. Of a line longer than MAX_LINE the rest is dropped."""

    def __init__(self, loop: asyncio.AbstractEventLoop, sink: Sink) -> None:
        self._loop = loop
        self._sink = sink
        self._rest = b""
        self._skipping = False
        self._transport: asyncio.ReadTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.ReadTransport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        sink = self._sink
        if self._skipping:
            data = self._skip(data)
        # A flood is counted, not looked at: a line costs us far more than it costs the guest.
        *lines, rest = (self._rest + data).split(b"\n", sink.room())
        for line in lines:
            sink.line(line)
        end = rest.rfind(b"\n") + 1
        if end:
            sink.drop(rest[:end])
            rest = rest[end:]
        if len(rest) > MAX_LINE:
            sink.line(rest[:MAX_LINE])
            self._skipping, rest = True, b""
        self._rest = rest
        if not sink.room():
            self._pause()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._rest:
            self._sink.line(self._rest)
            self._rest = b""
        self._sink.end()

    def _skip(self, data: bytes) -> bytes:
        """What follows the end of the line that is too long."""
        end = data.find(b"\n") + 1
        self._skipping = not end
        skipped = data[:end] if end else data
        # Its line was counted when its beginning came.
        self._sink.drop(skipped.rstrip(b"\n"))
        return data[len(skipped) :]

    def _pause(self) -> None:
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()
            self._loop.call_later(PAUSE_SECONDS, self._resume)

    def _resume(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()
