"""One request on a worker: what may be sent, what has come back."""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from executor.pool import frames
from executor.pool.death import Death
from executor.pool.meter import Account

if TYPE_CHECKING:
    from executor.pool.worker import Worker

# Credit is handed back in lumps: a frame for every chunk would double the traffic of a large answer.
CREDIT_LUMP = 64 * 1024
SWITCHING = 101  # the status that answers a request for another protocol


class Answer(Protocol):
    """Who receives what the guest says on a stream. Called from the event loop, must not block."""

    def on_answer_head(self, status: int, reason: str, headers: Sequence[str], source: str) -> None: ...
    def on_answer_body(self, data: bytes) -> None: ...
    def on_answer_end(self, trailers: Sequence[str]) -> None: ...
    def on_reset(self) -> None: ...
    def on_death(self, death: Death, *, culprit: bool) -> None: ...
    def on_credit(self) -> None: ...


class Stream:
    __slots__ = (
        "_allowed",
        "_credit",
        "_ended",
        "_heard_end",
        "_owed",
        "_queue",
        "_said_end",
        "active_at",
        "answer",
        "answered",
        "cpu",
        "id",
        "invocation",
        "offers",
        "switched",
        "wall",
        "worker",
    )

    def __init__(
        self, worker: "Worker", stream_id: int, answer: Answer, *, wall: float, invocation: str
    ) -> None:
        self.worker = worker
        self.id = stream_id
        self.invocation = invocation
        self.answer = answer
        self.answered = False  # HEAD has come
        self.offers = False  # another protocol, in the request
        self.switched = False  # to that protocol: each side ends for itself
        self.wall = wall
        self.active_at = worker.now()
        self.cpu = Account(self.active_at)
        self._credit = frames.INITIAL_CREDIT
        self._queue: deque[bytes] = deque()
        self._ended = False
        self._said_end = False
        self._heard_end = False
        self._allowed = frames.INITIAL_CREDIT  # bytes that the guest may still send
        self._owed = 0

    def send(self, data: bytes) -> bool:
        """Sends request body on. False asks the caller to pause until `on_credit`."""
        self.active_at = self.worker.now()
        if not self._queue and len(data) <= self._credit:
            self._credit -= len(data)
            self.worker.write(frames.encode_body(self.id, data))
            return True
        self._queue.append(data)
        self._flush()
        return not self._queue

    def end(self) -> None:
        self._ended = True
        if not self._queue:
            self._say_end()

    @property
    def over(self) -> bool:
        """A plain request is over with its answer, another protocol when both sides have ended."""
        return self._heard_end and (self._said_end or not self.switched)

    def _say_end(self) -> None:
        self._said_end = True
        self.worker.write(frames.encode(frames.END, self.id))
        if self.over:
            self.worker.close_stream(self)

    def abort(self) -> None:
        """The client is gone: the guest is told, and nothing more is heard of this stream."""
        self.worker.close_stream(self)
        self.worker.write(frames.encode(frames.RESET, self.id))

    def consumed(self, size: int) -> None:
        """The client has taken `size` bytes of the answer: the guest may send as many again."""
        self.active_at = self.worker.now()
        self._owed += size
        if self._owed >= CREDIT_LUMP:
            self.worker.write(frames.encode_credit(self.id, self._owed))
            self._allowed += self._owed
            self._owed = 0

    def heard_body(self, data: bytes) -> None:
        """Raises FrameError: what a guest sends unasked would lie in our memory until a slow client takes it."""
        if self._heard_end:
            raise frames.FrameError("BODY after END")
        self._allowed -= len(data)
        if self._allowed < 0:
            raise frames.FrameError("more BODY than its credit")
        self.answer.on_answer_body(data)

    def heard_end(self) -> None:
        """Raises FrameError."""
        if self._heard_end:
            raise frames.FrameError("END said twice")
        self._heard_end = True
        if self.over:
            self.worker.close_stream(self)

    def credited(self, amount: int) -> None:
        # A hostile guest may grant without end; the sum only ever bounds what we send to that guest.
        self._credit = min(self._credit + amount, 2**31)
        if self._queue:
            self._flush()
            if not self._queue:
                self.answer.on_credit()

    def _flush(self) -> None:
        while self._queue and self._credit > 0:
            data = self._queue.popleft()
            if len(data) > self._credit:
                self._queue.appendleft(data[self._credit :])
                data = data[: self._credit]
            self._credit -= len(data)
            self.worker.write(frames.encode_body(self.id, data))
        if self._ended and not self._queue:
            self._say_end()
