"""Tells what became of a worker's calls: a record each for the console, a line for what the caller cannot see."""

import asyncio
from collections.abc import Callable

from executor.egress.call import ALLOWED, Call
from executor.egress.meters import Bucket
from executor.logs.egress import EgressCall
from executor.logs.line import epoch_ms
from executor.logs.record import Origin
from executor.redaction import NOTHING, Redactor

RECORDS_PER_SECOND, RECORDS_BURST = 50, 500
# A guest says which invocation a connection belongs to when it is up; of one that ended at once, it says it later.
LABEL_SECONDS = 0.25
_EARLY_LABELS = 256

Say = Callable[[str, str, str], None]


class Ledger:
    """`say(level, text, invocation)` writes a line of the webtask's log."""

    def __init__(
        self, origin: Origin, *, say: Say, emit: Callable[[EgressCall], None], redactor: Redactor = NOTHING
    ) -> None:
        self._origin = origin
        self._redactor = redactor
        self._say = say
        self._emit = emit
        self._loop = asyncio.get_running_loop()
        self._bucket = Bucket(self._loop.time, rate=RECORDS_PER_SECOND, burst=RECORDS_BURST)
        self._dropped = 0
        self._open: dict[int, Call] = {}
        self._early: dict[int, str] = {}
        self._ending: dict[asyncio.TimerHandle, Callable[[], None]] = {}
        self._closed = False

    def begin(self, call: Call) -> None:
        label = self._early.pop(call.source, "")
        call.invocation = label or call.invocation
        self._open[call.source] = call

    def label(self, source: int, invocation: str) -> None:
        """The guest's word; it can only name an invocation of its own team."""
        call = self._open.get(source)
        if call is not None:
            call.invocation = invocation
            return
        self._early[source] = invocation
        if len(self._early) > _EARLY_LABELS:
            del self._early[next(iter(self._early))]

    def end(self, call: Call, verdict: str = ALLOWED, *, aloud: bool = False) -> None:
        """`aloud` for what the caller sees as a mere reset or an unknown name."""
        if not self._bucket.take():
            self._dropped += 1
            self._forget(call)
            return
        ended = epoch_ms()

        def settle() -> None:
            self._forget(call)
            self._tell_dropped()
            # From here on it is told of only.
            call.host = self._redactor.host(call.host)
            self._record(call, verdict, ended)
            if aloud:
                self._say("warn", _sentence(call, verdict), call.invocation)

        if self._closed or not call.source or ended - call.began > LABEL_SECONDS * 1000:
            settle()
        else:
            self._later(settle)

    def close(self) -> None:
        """What waits for its label waits no longer."""
        self._closed = True
        for handle, settle in list(self._ending.items()):
            handle.cancel()
            settle()
        self._ending.clear()
        self._tell_dropped()

    def _later(self, settle: Callable[[], None]) -> None:
        def due() -> None:
            del self._ending[handle]
            settle()

        handle = self._loop.call_later(LABEL_SECONDS, due)
        self._ending[handle] = settle

    def _forget(self, call: Call) -> None:
        if self._open.get(call.source) is call:
            del self._open[call.source]

    def _record(self, call: Call, verdict: str, ended: float) -> None:
        connection = call.connection
        self._emit(
            EgressCall(
                origin=self._origin,
                invocation=call.invocation,
                time=call.began,
                ms=ended - call.began,
                host=call.host,
                port=call.port,
                address=call.address,
                sent=0 if connection is None else connection.sent,
                received=0 if connection is None else connection.received,
                verdict=verdict,
            )
        )

    def _tell_dropped(self) -> None:
        if self._dropped:
            count, self._dropped = self._dropped, 0
            text = f"network: {count:,} more calls not recorded: more than {RECORDS_PER_SECOND} a second"
            self._say("warn", text, "")


def _sentence(call: Call, verdict: str) -> str:
    what = "connection to" if call.port else "lookup of"
    return f"network: {what} {call.where} {verdict}"
