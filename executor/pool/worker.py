"""One sandboxed process and its channel: opens streams on it, hears its frames, watches that it lives."""

import asyncio
import json
import math
from collections.abc import Callable, Collection
from typing import Any, cast

from executor.contract import Deployment, Limits
from executor.cork import Cork
from executor.pool import death, frames
from executor.pool.calls import Calls
from executor.pool.death import Death
from executor.pool.heads import read_head, read_pairs
from executor.pool.meter import Meter
from executor.pool.pulse import Pulse
from executor.pool.states import STEPS, State
from executor.pool.stream import SWITCHING, Answer, Stream
from executor.sandbox.sandbox import Sandbox
from executor.sandbox.states import step

# Snippets of ad-hoc code one scratch worker may hold before it is replaced: compiled code is never unloaded.
MAX_LOADED = 500
_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)
# A guest that said LEAVE takes at most a second to hand over its last words.
LEAVE_SECONDS = 2.0


class Worker(asyncio.Protocol):
    """Bound to one team for life. All methods run on the event loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, on_death: Callable[["Worker", Death], None]
    ) -> None:
        self._loop = loop
        self.now = loop.time
        self.state = State.SPAWNING
        self.ready: asyncio.Future[dict[str, Any]] = loop.create_future()
        self.sandbox: Sandbox | None = None
        # A line for the team's log: level, text, invocation. spawn() joins it to the worker's collector.
        self.say: Callable[[str, str, str], None] = lambda _level, _text, _invocation: None
        self.limits = Limits()
        self._team = ""
        self._scratch = False
        self._egress: tuple[str, ...] | None = None
        self.streams: dict[int, Stream] = {}
        self.calls = Calls(self.write)
        self.idle_since = self.retired_at = loop.time()
        # The invocation that killed it, where there is no doubt.
        self.culprit = ""
        self.meter = Meter(self.limits, now=loop.time(), used=0.0)
        # Why it will die in a moment, whatever else may still end it: nothing may hide the reason.
        self.sentence: Death | None = None
        self._loaded: dict[str, int] = {}
        # Names of the files its code may be in.
        self.files: set[str] = set()
        self._decoder = frames.Decoder()
        self._next_stream = 1
        self._transport: asyncio.WriteTransport | None = None
        self._cork: Cork | None = None
        self.pulse = Pulse(self.write)
        # Bytes of memory at the last look, in all and since it was bound.
        self.held = self.grown = 0
        # Seconds that its first request waited for a place.
        self.queued = 0.0
        # What the edge tells of it with each answer; nothing of the pool's.
        self.told: Any = None
        self._on_death = on_death
        self.on_idle: Callable[[], None] = lambda: None

    # -- the life of the process ---------------------------------------------------------------------------

    def bind(self, deployment: Deployment) -> None:
        """From here on the worker is its team's. The memory budget counts from the blank runtime's size."""
        self.state = step(STEPS, self.state, State.BOUND)
        self.idle_since = self.now()
        self._team = deployment.team
        self.limits = deployment.limits
        self._egress = deployment.egress
        self._scratch = deployment.webtask is None
        self.load(deployment)
        if self.sandbox is not None:
            self.sandbox.limit_memory(self.limits.memory_bytes)
            self.held = self.sandbox.held
            used = self.sandbox.usage().cpu_seconds
            self.meter = Meter(self.limits, now=self.now(), used=used)

    def retire(self, *, at_once: bool = False) -> None:
        """No new request; the process ends with its last one. `at_once`: connections without end do not outlive it."""
        if self.state is State.BOUND:
            self.state = step(STEPS, self.state, State.RETIRED)
            self.retired_at = self.now()
        if at_once:
            self.retired_at = -math.inf
        if not self.streams:
            self.die(death.ended("replaced"))

    def die(self, why: Death, culprits: Collection[Stream] = ()) -> None:
        """Kills the process and tells every open stream why. Idempotent.

        Without `culprits` it is the one stream that has no answer yet; where several have none nobody can
        tell which it was.
        """
        if self.state is State.DEAD:
            return
        if self.sentence is not None and why.kind != self.sentence.kind:
            why = self.sentence
        self.state = step(STEPS, self.state, State.DEAD)
        if self.sandbox is not None:
            self.sandbox.kill()
        if self._transport is not None:
            self._transport.close()
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(why.detail))
            self.ready.exception()  # a waiter that timed out already must not leave an "never retrieved"
        self.calls.close()
        streams, self.streams = self.streams, {}
        suspects = [stream for stream in streams.values() if not stream.answered]
        guilty = [stream for stream in culprits if stream.id in streams] or suspects[: len(suspects) == 1]
        self.culprit = guilty[0].invocation if len(guilty) == 1 else ""
        for stream in streams.values():
            stream.answer.on_death(why, culprit=stream in guilty)
        self._on_death(self, why)

    # -- deployments and requests --------------------------------------------------------------------------

    def sole_invocation(self) -> str:
        """The only one there is, or "": then nobody can tell which of them does something."""
        streams = list(self.streams.values())
        return streams[0].invocation if len(streams) == 1 else ""

    def serves(self, deployment: Deployment) -> bool:
        """A scratch worker (ad-hoc code of one token) takes any code of its slot; others only their own."""
        if self.state is not State.BOUND or deployment.team != self._team:
            return False
        return deployment.digest in self._loaded or (self._scratch and self._takes(deployment))

    def _takes(self, deployment: Deployment) -> bool:
        # The walls were set for what it was bound to.
        same = (deployment.limits, deployment.egress) == (self.limits, self._egress)
        return same and len(self._loaded) < MAX_LOADED

    def load(self, deployment: Deployment) -> int:
        """Returns the handle of the deployment in the guest, sending its code the first time it is asked."""
        handle = self._loaded.get(deployment.digest)
        if handle is None:
            handle = self._loaded[deployment.digest] = len(self._loaded) + 1
            self.files.update(deployment.files)
            # Between executor and console alone.
            told = {**deployment.to_json(), "voucher": "", "guard": {}, "paused": False}
            payload = json.dumps(told, separators=(",", ":")).encode()
            self.write(frames.encode(frames.LOAD, handle, payload))
        return handle

    def open(self, head: dict[str, Any], answer: Answer) -> Stream:
        """Sends a REQUEST; `head` is its payload (docs/frames.md)."""
        wall = self.limits.wall_ms / 1000
        stream = Stream(self, self._next_stream, answer, wall=wall, invocation=head.get("id", ""))
        stream.offers = head.get("upgrade", False)
        self._next_stream += 1
        self.streams[stream.id] = stream
        payload = _ENCODER.encode(head).encode()
        self.write(frames.encode(frames.REQUEST, stream.id, payload))
        return stream

    def close_stream(self, stream: Stream) -> None:
        if self.streams.pop(stream.id, None) is None:
            return
        self.meter.stream_over()
        if self.streams:
            return
        self.idle_since = self.now()
        self.on_idle()
        if self.state is State.RETIRED:
            self.die(death.ended("replaced"))

    def write(self, data: bytes) -> None:
        if self._cork is not None:
            self._cork.write(data)

    # -- the watchdog's questions --------------------------------------------------------------------------

    @property
    def served(self) -> int:
        """How many requests it was given."""
        return self._next_stream - 1

    @property
    def alive(self) -> bool:
        """Runs code of its team, and nothing is decided yet."""
        return self.state in (State.BOUND, State.RETIRED) and self.sentence is None

    def condemn(self, sentence: Death) -> None:
        """It takes no new request and will die of `sentence`."""
        self.sentence = sentence
        if self.state is State.BOUND:
            self.state = step(STEPS, self.state, State.RETIRED)

    def blocked_seconds(self) -> float:
        """For how long the guest's event loop has not turned."""
        return self.pulse.stopped(self.now(), self.sandbox.schedule() if self.sandbox else None)

    def measure(self) -> None:
        """Shares what the process used of the CPU among its requests, and looks at its memory."""
        if self.sandbox is not None:
            self.meter.share(self.sandbox.usage().cpu_seconds, self.streams.values(), self.now())
            self.sandbox.check_memory()
            self.held, self.grown = self.sandbox.held, self.sandbox.grown

    def overdue(self) -> list[Stream]:
        """The streams on which nothing moved for longer than their wall time."""
        now = self.now()
        return [stream for stream in self.streams.values() if now - stream.active_at > stream.wall]

    # -- asyncio.Protocol ----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is no subclass
        self._cork = Cork(self._loop, self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        # The exit report, which says why, is on its way; a guest that only closed its channel is made to exit.
        if self.state is State.BOUND:
            self.state = step(STEPS, self.state, State.RETIRED)
        if self.sandbox is not None:
            self.sandbox.kill()

    def pause_writing(self) -> None:
        self.calls.paused = True

    def resume_writing(self) -> None:
        self.calls.resume()

    def data_received(self, data: bytes) -> None:
        try:
            for kind, stream_id, payload in self._decoder.feed(data):
                self._heard(kind, stream_id, payload)
        except (frames.FrameError, ValueError, RecursionError) as error:
            self.die(death.broken_protocol(str(error)))

    def _heard(self, kind: int, stream_id: int, payload: bytes) -> None:
        if kind == frames.PONG:
            self.pulse.heard(payload)
        elif kind == frames.READY:
            self._heard_ready(payload)
        elif kind == frames.LEAVE:
            self._heard_leave()
        elif kind == frames.CALL:
            self.calls.heard(stream_id, payload)
        elif stream_id == 0 or stream_id >= self._next_stream:
            raise frames.FrameError(f"frame type {kind} on stream {stream_id}, which was never opened")
        else:
            stream = self.streams.get(stream_id)
            if stream is not None:  # late frames of a closed stream are normal: RESET crossed them
                self._heard_on(stream, kind, payload)

    def _heard_ready(self, payload: bytes) -> None:
        if self.state is not State.SPAWNING:
            raise frames.FrameError("READY said twice")
        self.state = step(STEPS, self.state, State.BLANK)
        if not self.ready.done():
            self.ready.set_result(json.loads(payload))

    def _heard_leave(self) -> None:
        if not self.alive:
            raise frames.FrameError("LEAVE out of order")
        self.condemn(death.uncaught())
        # Its own exit comes sooner, unless it lied.
        self._loop.call_later(LEAVE_SECONDS, self.die, death.uncaught())

    def _heard_on(self, stream: Stream, kind: int, payload: bytes) -> None:
        stream.active_at = self.now()
        if kind == frames.BODY and stream.answered:
            stream.heard_body(payload)
        elif kind == frames.HEAD and not stream.answered:
            head = read_head(payload, offers=stream.offers)
            stream.answered, stream.switched = True, head[0] == SWITCHING
            stream.answer.on_answer_head(*head)
        elif kind == frames.END and stream.answered:
            # Read first: a stream that is closed already would never hear that its worker had to die for this.
            trailers = read_pairs(json.loads(payload)) if payload else []
            stream.heard_end()
            stream.answer.on_answer_end(trailers)
        elif kind == frames.RESET:
            self.close_stream(stream)
            stream.answer.on_reset()
        elif kind == frames.CREDIT:
            stream.credited(frames.decode_credit(payload))
        else:
            raise frames.FrameError(f"frame type {kind} out of order")
