"""Takes a worker's DNS questions, by datagram and by stream, and sends the answers back."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from executor.egress import dns
from executor.egress.dns import Question
from executor.egress.meters import Bucket

MAX_LOOKUPS = 16
PER_SECOND, BURST = 200, 400
_LARGEST = 4096
_AT_ONCE = 32
_STREAM_SECONDS = 10.0
_LEVEL, _ASK_FOR_DESTINATION, _DESTINATION = socket.IPPROTO_IPV6, 49, 50  # IPV6_RECVPKTINFO, IPV6_PKTINFO
_FREE_BIND = 78  # IPV6_FREEBIND
_LEVEL_4, _DESTINATION_4 = socket.IPPROTO_IP, 8  # IP_PKTINFO

Answer = Callable[[Question], Awaitable[bytes]]
Start = Callable[[Coroutine[Any, Any, None]], None]


class Questions:
    """`answer` may take its time; `start` runs a coroutine that the door ends with itself."""

    def __init__(self, answer: Answer, start: Start) -> None:
        self._answer = answer
        self._start = start
        self._bucket = Bucket(asyncio.get_running_loop().time, rate=PER_SECOND, burst=BURST)
        self._waiting = 0

    @staticmethod
    def prepare(listener: socket.socket) -> None:
        """An answer must come from where the question went: clients check it."""
        if listener.family == socket.AF_INET6:
            listener.setsockopt(_LEVEL, _ASK_FOR_DESTINATION, 1)
            # Of IPv6's addresses only the loopback's own is one of ours; the others just lead here.
            listener.setsockopt(_LEVEL, _FREE_BIND, 1)
        else:
            listener.setsockopt(_LEVEL_4, _DESTINATION_4, 1)

    def read(self, listener: socket.socket) -> None:
        """What exceeds the limits is dropped, as a datagram may be: its sender asks again."""
        for _ in range(_AT_ONCE):
            try:
                message, extra, _, sender = listener.recvmsg(_LARGEST, 64)
            except OSError:
                return
            question = dns.read(message)
            if question is not None and self._waiting < MAX_LOOKUPS and self._bucket.take():
                self._start(self._reply(listener, question, extra, sender))

    async def _reply(self, listener: socket.socket, question: Question, extra: Any, sender: Any) -> None:
        answer = await self._find(question)
        if len(answer) > dns.LARGEST_DATAGRAM:
            answer = dns.truncated(question)
        # The sandbox may be gone, or its buffer full.
        with contextlib.suppress(OSError):
            listener.sendmsg([answer], _source(extra), 0, sender)

    async def converse(self, end: socket.socket) -> None:
        """One question after the other, each behind its length."""
        try:
            reader, writer = await asyncio.open_connection(sock=end)
        except BaseException:
            end.close()
            raise
        try:
            while True:
                async with asyncio.timeout(_STREAM_SECONDS):
                    (length,) = struct.unpack("!H", await reader.readexactly(2))
                    question = dns.read(await reader.readexactly(length))
                if question is None or self._waiting >= MAX_LOOKUPS or not self._bucket.take():
                    return
                answer = await self._find(question)
                writer.write(struct.pack("!H", len(answer)) + answer)
                async with asyncio.timeout(_STREAM_SECONDS):
                    await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _find(self, question: Question) -> bytes:
        self._waiting += 1
        try:
            return await self._answer(question)
        finally:
            self._waiting -= 1


def _source(extra: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    for level, kind, data in extra:
        if (level, kind) == (_LEVEL, _DESTINATION):
            # The address, without the device.
            return [(level, kind, data[:16] + bytes(4))]
        if (level, kind) == (_LEVEL_4, _DESTINATION_4):
            return [(level, kind, bytes(4) + data[8:12] + bytes(4))]
    return []
