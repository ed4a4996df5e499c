"""Reads what a worker writes: its log pipe, its standard output and its standard error.

The pipes are always read to the end, so a worker never blocks on a slow console; what exceeds the worker's
budget is dropped and counted, so it never fills our memory either.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable

from executor.contract import Limits
from executor.logs.budget import Budget
from executor.logs.hints import hint
from executor.logs.line import LEVELS, Line, epoch_ms
from executor.logs.pipe import MAX_LINE, LinePipe, Sink
from executor.logs.record import Origin
from executor.redaction import MAX_NEEDLE, NOTHING, Redactor

MAX_TEXT = 16 * 1024
CUT = "… [truncated]"
# V8 says why it gives up some 20 lines before its last.
TAIL_LINES = 64
MAX_TAIL = 1024
# Addresses inside our own binary tell the author of a webtask nothing.
_NATIVE_TRACE = re.compile(rb"-+ Native stack trace -+|\s*[0-9]+: 0x[0-9a-f]+ .*")
_LABEL = re.compile(rb'\{"c":(?P<port>[0-9]{1,5}),"i":"(?P<invocation>[0-9]{1,16}\.[0-9]{1,16})"\}')
_INVOCATION = re.compile(r"[0-9]{1,16}\.[0-9]{1,16}")


class Collector:
    """The log of one worker. Nothing is taken before it is bound; standard error is remembered for its death."""

    def __init__(self, loop: asyncio.AbstractEventLoop, emit: Callable[[Line], None]) -> None:
        self._loop = loop
        self._emit = emit
        self._limits = Limits()
        self._budget = Budget(self._limits, loop.time)
        self._redactor: Redactor | None = None
        self._tail: deque[bytes] = deque(maxlen=TAIL_LINES)
        self._ear: Callable[[bytes], bool] | None = None
        self._open = 0
        self.ended = asyncio.Event()  # every pipe is read to its end
        self.origin: Origin | None = None
        # Told the local port of a connection and the invocation that made it.
        self.on_label: Callable[[int, str], None] | None = None

    def bind(self, origin: Origin, limits: Limits, redactor: Redactor = NOTHING) -> None:
        self.origin = origin
        # Most have no secrets, and their lines shall not pay for those of others.
        self._redactor = redactor or None
        self._limits = limits
        self._budget = Budget(limits, self._loop.time)

    def pipes(self) -> dict[int, LinePipe]:
        """Protocols by the file descriptor the guest writes to."""
        sinks = {
            1: self._sink(lambda raw: self._take(*self._raw(raw, "info"))),
            2: self._sink(self._stderr, self._remember),
            4: self._sink(self._heard),
        }
        self._open = len(sinks)
        return {number: LinePipe(self._loop, sink) for number, sink in sinks.items()}

    def stderr_tail(self) -> bytes:
        return b"\n".join(self._tail)

    def overhear(self, ear: Callable[[bytes], bool]) -> None:
        """From now on `ear` gets each line of standard error first, and keeps those it answers True to."""
        self._ear = ear

    def say(self, level: str, text: str, invocation: str = "") -> None:
        """A line of the executor itself about this worker, within the worker's budget."""
        self._take(level, invocation, self.redacted(text))

    def conclude(self, text: str, invocation: str = "") -> None:
        """Why the worker died: the last line, in any case."""
        self.tell_dropped(at_once=True)
        self._put("error", invocation, self.redacted(text))

    def tell_dropped(self, *, at_once: bool = False) -> None:
        if told := self._budget.told(at_once=at_once):
            self._put("warn", "", told)

    def _sink(self, line: Callable[[bytes], None], look: Callable[[bytes], None] | None = None) -> Sink:
        """`look` sees also what is dropped."""

        def drop(raw: bytes) -> None:
            self._budget.drop(raw.count(b"\n"), len(raw))
            if look is not None:
                look(raw)

        return Sink(room=self._room, line=line, drop=drop, end=self._end)

    def _room(self) -> int:
        # The place where a flood comes from is said on standard error too.
        return self._budget.room() if self._ear is None else max(TAIL_LINES, self._budget.room())

    def _end(self) -> None:
        self._open -= 1
        if not self._open:
            self.ended.set()

    def _remember(self, raw: bytes) -> None:
        self._tail.extend(line[:MAX_TAIL] for line in raw.rsplit(b"\n", TAIL_LINES + 1) if line)

    def _stderr(self, raw: bytes) -> None:
        if self._ear is not None and self._ear(raw):
            return
        if not raw or _NATIVE_TRACE.fullmatch(raw):
            return
        self._tail.append(raw[:MAX_TAIL])
        self._take(*self._raw(raw, "error"))

    def _heard(self, raw: bytes) -> None:
        label = _LABEL.fullmatch(raw)
        if label is None:
            self._take(*self._framed(raw))
        # Within the budget like any line: whoever floods gets connections without a name.
        elif self.on_label is not None and self._budget.take(len(raw)):
            self.on_label(int(label["port"]), label["invocation"].decode())

    def _take(self, level: str, invocation: str, text: str) -> None:
        size = len(text) if text.isascii() else len(text.encode(errors="replace"))
        if self._budget.take(size):
            self._put(level, invocation, text)

    def _put(self, level: str, invocation: str, text: str) -> None:
        if self.origin is None:
            return
        # The guest's clock is not trusted: the sandbox shares the host's, we stamp ours.
        time = epoch_ms()
        self._emit(Line(origin=self.origin, invocation=invocation, level=level, text=text, time=time))

    def _raw(self, raw: bytes, level: str) -> tuple[str, str, str]:
        if self._redactor is None:
            return level, "", raw[:MAX_TEXT].decode(errors="replace")
        text = raw[:MAX_LINE].decode(errors="replace")
        return level, "", self.redacted(text, cut=len(raw) >= MAX_LINE)[:MAX_TEXT]

    def _framed(self, raw: bytes) -> tuple[str, str, str]:
        """The guest's JSON line."""
        try:
            said = json.loads(raw)
            level, invocation, text, code = said["l"], said.get("i") or "", said["m"], said.get("e")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return self._raw(raw, "warn")
        if level not in LEVELS or not isinstance(text, str):
            return self._raw(raw, "warn")
        if not isinstance(invocation, str) or not _INVOCATION.fullmatch(invocation):
            invocation = ""
        # JSON can spell half a character, which has no UTF-8.
        text = text.encode(errors="replace").decode()
        cut = bool(said.get("x"))
        text = self.redacted(text, cut=cut)
        if cut or len(text) > MAX_TEXT:
            text = text[: MAX_TEXT - len(CUT)] + CUT
        told = hint(code, self._limits)
        return level, invocation, f"{text}\n{told}" if told else text

    def redacted(self, text: str, *, cut: bool = False) -> str:
        """`cut`: more followed. Of a value that began within its last characters only a part would be known."""
        if self._redactor is not None:
            text = self._redactor.text(text)
        return text[:-MAX_NEEDLE] if cut else text
