"""Reads what a worker writes: its log pipe, its standard output and its standard error.

The pipes are always read to the end, so a worker never blocks on a slow console; what exceeds the worker's
budget is dropped and counted, so it never fills our memory either.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable

from executor.logs.line import LEVELS, Line, epoch_ms
from executor.logs.record import Origin

MAX_LINE = 64 * 1024  # a guest cuts its text at 16,384 characters; this is for one that does not
MAX_TEXT = 16 * 1024
LINES_PER_SECOND = 1_000
BURST = 2_000
# V8 says why it gives up some 20 lines before its last.
TAIL_LINES = 64
# Addresses inside our own binary tell the author of a webtask nothing.
_NATIVE_TRACE = re.compile(rb"-+ Native stack trace -+|\s*[0-9]+: 0x[0-9a-f]+ .*")
_LABEL = re.compile(rb'\{"c":(?P<port>[0-9]{1,5}),"i":"(?P<invocation>[0-9]{1,16}\.[0-9]{1,16})"\}')
_INVOCATION = re.compile(r"[0-9]{1,16}\.[0-9]{1,16}")


class Budget:
    """Token bucket over lines."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._tokens = float(BURST)
        self._at = now()

    def take(self) -> bool:
        now = self._now()
        self._tokens = min(BURST, self._tokens + (now - self._at) * LINES_PER_SECOND)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Collector:
    """The log of one worker. Lines come before the worker is bound (boot trouble) only on standard error."""

    def __init__(self, loop: asyncio.AbstractEventLoop, emit: Callable[[Line], None]) -> None:
        self._emit = emit
        self._budget = Budget(loop.time)
        self._dropped = 0
        self._tail: deque[bytes] = deque(maxlen=TAIL_LINES)
        self._open = 0
        self.ended = asyncio.Event()  # every pipe is read to its end
        self.origin: Origin | None = None
        # Told the local port of a connection and the invocation that made it.
        self.on_label: Callable[[int, str], None] | None = None

    def pipes(self) -> dict[int, "LinePipe"]:
        """Protocols by the file descriptor the guest writes to."""
        readers: dict[int, Callable[[bytes], None]] = {
            1: lambda raw: self._take(self._raw(raw, "info")),
            2: self._stderr,
            4: self._heard,
        }
        self._open = len(readers)
        return {number: LinePipe(read, self._end) for number, read in readers.items()}

    def _end(self) -> None:
        self._open -= 1
        if not self._open:
            self.ended.set()

    def stderr_tail(self) -> bytes:
        return b"\n".join(self._tail)

    def say(self, level: str, text: str, invocation: str = "") -> None:
        """A line of the executor itself about this worker."""
        self._take((level, invocation, text, epoch_ms()))

    def flush_dropped(self) -> None:
        if self._dropped and self.origin is not None:
            count, self._dropped = self._dropped, 0
            text = f"{count:,} log lines dropped: more than {LINES_PER_SECOND:,} a second"
            self._emit(Line(origin=self.origin, invocation="", level="warn", text=text, time=epoch_ms()))

    def _stderr(self, raw: bytes) -> None:
        if not raw or _NATIVE_TRACE.fullmatch(raw):
            return
        self._tail.append(raw[:1024])
        self._take(self._raw(raw, "error"))

    def _heard(self, raw: bytes) -> None:
        if label := _LABEL.fullmatch(raw):
            if self.on_label is not None:
                self.on_label(int(label["port"]), label["invocation"].decode())
            return
        self._take(self._framed(raw))

    def _take(self, parts: tuple[str, str, str, float]) -> None:
        if self.origin is None:
            return
        if not self._budget.take():
            self._dropped += 1
            return
        self.flush_dropped()
        level, invocation, text, time = parts
        self._emit(Line(origin=self.origin, invocation=invocation, level=level, text=text, time=time))

    def _raw(self, raw: bytes, level: str) -> tuple[str, str, str, float]:
        return level, "", raw[:MAX_TEXT].decode(errors="replace"), epoch_ms()

    def _framed(self, raw: bytes) -> tuple[str, str, str, float]:
        """The guest's JSON line. Its clock is not trusted: the sandbox shares the host's, we stamp ours."""
        try:
            said = json.loads(raw)
            level, invocation, text = said["l"], said.get("i") or "", said["m"]
        except (ValueError, TypeError, KeyError, AttributeError):
            return self._raw(raw, "warn")
        if level not in LEVELS or not isinstance(text, str):
            return self._raw(raw, "warn")
        if not isinstance(invocation, str) or not _INVOCATION.fullmatch(invocation):
            invocation = ""
        return level, invocation, text[:MAX_TEXT], epoch_ms()


class LinePipe(asyncio.Protocol):
    """Cuts a pipe into lines; a line longer than MAX_LINE is delivered in pieces."""

    def __init__(self, line: Callable[[bytes], None], end: Callable[[], None]) -> None:
        self._line = line
        self._end = end
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *lines, rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line(line)
        while len(rest) > MAX_LINE:
            self._line(rest[:MAX_LINE])
            rest = rest[MAX_LINE:]
        self._rest = rest

    def connection_lost(self, exc: Exception | None) -> None:
        if self._rest:
            self._line(self._rest)
            self._rest = b""
        self._end()
