"""What a guest asks of its executor while it runs: calls in pieces of a frame, results when they are there.

The guest is hostile: how many calls are open and how large they are is bounded here, and so is what waits to be
read by it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from executor.contract import Limits
from executor.pool import frames

# Those whose result the guest has yet to take are open.
MAX_OPEN = 4
# A call has more to say than the text it carries.
ROOM = 64 * 1024


def largest(limits: Limits) -> int:
    """The bytes of a call: a document to store, or code that a token shall stand for."""
    return max(limits.storage_bytes, limits.code_bytes) + ROOM


class Calls:
    """Of one worker. `write` takes frames for it."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._ask: Callable[[bytes], Awaitable[bytes]] | None = None
        self._largest = 0
        self._unfinished: dict[int, bytearray] = {}
        self._asking: dict[int, asyncio.Task[None]] = {}
        self._results: deque[tuple[int, bytes]] = deque()
        # The guest does not read what is written: no result follows until it does.
        self.paused = False

    def open(self, ask: Callable[[bytes], Awaitable[bytes]], limits: Limits) -> None:
        """From here on calls are answered by `ask`, which raises nothing."""
        self._ask = ask
        self._largest = largest(limits)

    def heard(self, call: int, piece: bytes) -> None:
        """A piece as large as a frame may be is not the last. Raises FrameError."""
        if self._ask is None:
            raise frames.FrameError("CALL of a worker that is nobody's")
        if call in self._asking:
            raise frames.FrameError(f"CALL {call} said twice")
        if call not in self._unfinished and len(self._unfinished) + len(self._asking) >= MAX_OPEN:
            raise frames.FrameError(f"more than {MAX_OPEN} calls at once")
        text = self._unfinished.setdefault(call, bytearray())
        text += piece
        if len(text) > self._largest:
            raise frames.FrameError(f"a CALL of more than {self._largest} bytes")
        if len(piece) < frames.MAX_BODY:
            del self._unfinished[call]
            answering = self._answer(call, self._ask(bytes(text)))
            self._asking[call] = asyncio.get_running_loop().create_task(answering)

    def resume(self) -> None:
        self.paused = False
        self._flush()

    def close(self) -> None:
        """The worker is dead. What is under way at the console goes on there."""
        self._ask = None
        for task in self._asking.values():
            task.cancel()
        self._unfinished.clear()
        self._results.clear()

    async def _answer(self, call: int, result: Awaitable[bytes]) -> None:
        self._results.append((call, await result))
        self._flush()

    def _flush(self) -> None:
        while self._results and not self.paused:
            call, result = self._results.popleft()
            self._asking.pop(call, None)
            self._write(frames.encode(frames.RESULT, call, result))
