"""One worker's way out: takes its connections and its questions for names, and dials for it."""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from executor.contract import Limits
from executor.egress import addresses, dns
from executor.egress.addresses import Address
from executor.egress.answers import Answers
from executor.egress.call import ALLOWED, Call
from executor.egress.connection import Connection, refuse
from executor.egress.dial import Failed, Refused, dial
from executor.egress.ledger import Ledger
from executor.egress.lookups import Lookups
from executor.egress.meters import Bucket, Minute
from executor.egress.names import FAKE, Name, Names
from executor.egress.questions import Questions
from executor.egress.resolver import NoSuchName, Resolver
from executor.egress.rules import Rules
from executor.limits import LIMITS

CONNECTIONS, TRAFFIC = LIMITS["egress_connections"], LIMITS["egress_bytes"]
# A guest that connects without end must not keep our event loop from the others'.
ACCEPTS_PER_SECOND, ACCEPTS_BURST = 500, 1000
_PAUSE_SECONDS = 0.1
_ACCEPTS_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a door goes by: the deployment's rules and limits, the node's private ranges and resolver."""

    rules: Rules
    limits: Limits
    private: tuple[addresses.Network, ...]
    resolver: Resolver


class Door:
    """Open from the start until close(). `sole()` is the id of the only open invocation, or ""."""

    def __init__(
        self, listeners: Iterable[socket.socket], terms: Terms, *, ledger: Ledger, sole: Callable[[], str]
    ) -> None:
        """Takes over `listeners`."""
        self.ledger = ledger
        self._terms = terms
        self._sole = sole
        self._loop = asyncio.get_running_loop()
        self._listeners = tuple(listeners)
        self._names = Names()
        self._bytes = Minute(self._loop.time, terms.limits.egress_bytes)
        self._accepts = Bucket(self._loop.time, rate=ACCEPTS_PER_SECOND, burst=ACCEPTS_BURST)
        # Each with the webtask's end of it.
        self._calls: dict[Call, socket.socket] = {}
        # The loop keeps only weak references to tasks; without ours one could vanish half way.
        self._tasks: set[asyncio.Task[None]] = set()
        self._lookups = Lookups(terms.resolver)
        answers = Answers(terms.rules, self._names, self._lookups, ledger=ledger, sole=sole)
        self._questions = Questions(answers.give, self._start)
        self._closed = False
        for listener in self._listeners:
            listener.setblocking(False)
            self._listen(listener)

    def close(self) -> None:
        """The worker is gone: so are its connections. Safe to call again."""
        if self._closed:
            return
        self._closed = True
        for listener in self._listeners:
            self._loop.remove_reader(listener)
            listener.close()
        for task in self._tasks:
            task.cancel()
        for call, end in list(self._calls.items()):
            if call.connection is None:
                self._turn_away(end, call, "failed: the webtask ended")
            else:
                call.connection.cut("")
        self.ledger.close()

    # -- arrivals ------------------------------------------------------------------------------------------

    def _listen(self, listener: socket.socket) -> None:
        if self._closed:
            return
        if listener.type == socket.SOCK_DGRAM:
            self._questions.prepare(listener)
            self._loop.add_reader(listener, self._questions.read, listener)
        else:
            self._loop.add_reader(listener, self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(_ACCEPTS_AT_ONCE):
            if not self._accepts.take():
                self._pause(listener)
                return
            try:
                end, (_, source, *_rest) = listener.accept()
            except BlockingIOError:
                return
            except OSError:
                # Too many descriptors are open: asking again at once would only keep us busy.
                self._pause(listener)
                return
            end.setblocking(False)
            self._take(end, source)

    def _pause(self, listener: socket.socket) -> None:
        self._loop.remove_reader(listener)
        self._loop.call_later(_PAUSE_SECONDS, self._listen, listener)

    def _take(self, end: socket.socket, source: int) -> None:
        """Its own name is the address that was meant."""
        host, port, *_ = end.getsockname()
        if port == dns.PORT:
            self._start(self._questions.converse(end))
            return
        address = addresses.parse(host)
        name = self._names.meant_by(address)
        asked = str(address) if name is None else name.host
        call = Call.begin(asked, port, source=source, invocation=self._sole())
        self.ledger.begin(call)
        self._calls[call] = end
        self._start(self._serve(end, call, address, name))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- connections ---------------------------------------------------------------------------------------

    async def _serve(self, end: socket.socket, call: Call, address: Address, name: Name | None) -> None:
        try:
            self._admit(call, address, name)
            outer, dialled = await self._reach(call, address, name)
        except (Refused, Failed) as error:
            self._turn_away(end, call, _verdict(error))
            return
        call.address = str(dialled)
        await self._join(end, outer, call)

    def _admit(self, call: Call, address: Address, name: Name | None) -> None:
        """Raises Refused. What needs no lookup comes first, and costs an attacker nothing of ours."""
        if name is None and address in FAKE:
            raise Refused("its name was looked up too long ago")
        if not self._terms.rules.allow(call.host, call.port):
            raise Refused(self._terms.rules.reason)
        most = self._terms.limits.egress_connections
        if len(self._calls) > most:
            raise Refused(f"too many at once {CONNECTIONS.reached(most, len(self._calls))}")
        if self._bytes.spent:
            raise Refused(self._overspent())

    async def _reach(self, call: Call, address: Address, name: Name | None) -> tuple[socket.socket, Address]:
        """Raises Refused or Failed."""
        try:
            found = (address,) if name is None else await self._lookups.find(name)
        except NoSuchName:
            raise Failed("no such name") from None
        return await dial(found, call.port, judge=self._judge)

    def _judge(self, address: Address) -> str | None:
        return addresses.judge(address, self._terms.private)

    async def _join(self, end: socket.socket, outer: socket.socket, call: Call) -> None:
        def over(why: str) -> None:
            self._end(call, f"failed: {why}" if why else ALLOWED, aloud=bool(why) and self._bytes.spent)

        connection = call.connection = Connection(self, over)
        try:
            await self._loop.create_connection(lambda: connection.outer, sock=outer)
            await self._loop.connect_accepted_socket(lambda: connection.inner, end)
        except (OSError, asyncio.CancelledError):
            # One of them broke in the very moment it was there.
            connection.cut("")
            outer.close()
            end.close()

    def spend(self, amount: int) -> str | None:
        self._bytes.add(amount)
        return self._overspent() if self._bytes.used > self._bytes.limit else None

    def _overspent(self) -> str:
        return f"too much traffic {TRAFFIC.reached(self._bytes.limit, self._bytes.used)}"

    def _turn_away(self, end: socket.socket, call: Call, verdict: str) -> None:
        refuse(end)
        end.close()
        self._end(call, verdict, aloud=True)

    def _end(self, call: Call, verdict: str, *, aloud: bool) -> None:
        self._calls.pop(call, None)
        self.ledger.end(call, verdict, aloud=aloud and not self._closed)


def _verdict(error: Refused | Failed) -> str:
    return f"{'refused' if isinstance(error, Refused) else 'failed'}: {error}"
