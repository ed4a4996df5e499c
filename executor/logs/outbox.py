"""Records waiting for the console: batched, numbered, kept until acknowledged.

A console that is away costs what comes after MAX_WAITING, and the loss is counted and told.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from executor.logs.line import Invocation, Line, epoch_ms
from executor.logs.record import Record

MAX_WAITING = 50_000
MAX_BATCH = 500
# Characters of text in a batch: in JSON each takes up to 6 bytes, and the console accepts 16 MiB a message.
MAX_BATCH_TEXT = 1024 * 1024
# How long a line may wait for company: well under what an eye notices, long enough to batch a burst.
LINGER_SECONDS = 0.02


@dataclass(slots=True)
class Batch:
    """`lists` are by the records' keys; lines and invocations are always there."""

    seq: int
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {Line.KEY: [], Invocation.KEY: []})

    def __len__(self) -> int:
        return sum(map(len, self.lists.values()))

    def add(self, key: str, record: dict[str, Any]) -> None:
        self.lists.setdefault(key, []).append(record)

    def to_json(self) -> dict[str, Any]:
        return {"t": "records", "seq": self.seq, **self.lists}


class Outbox:
    def __init__(self) -> None:
        self._waiting: deque[Record] = deque()
        self._unacked: deque[Batch] = deque()
        self._unacked_size = 0
        self._seq = 0
        self._dropped = 0
        self._wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def full(self) -> bool:
        """What is put now is lost."""
        return len(self._waiting) + self._unacked_size >= MAX_WAITING

    def put(self, record: Record) -> None:
        if self.full:
            self._dropped += 1
            return
        self._waiting.append(record)
        self._settled.clear()
        self._wake.set()

    def acked(self, seq: int) -> None:
        while self._unacked and self._unacked[0].seq <= seq:
            self._unacked_size -= len(self._unacked.popleft())
        if not self._unacked and not self._waiting:
            self._settled.set()

    async def settled(self) -> None:
        """Returns when everything put so far has been acknowledged."""
        await self._settled.wait()

    async def batches(self, *, after: int) -> AsyncIterator[Batch]:
        """What the console has not acknowledged (it holds everything up to `after`), then what comes, for ever."""
        self.acked(after)
        for batch in list(self._unacked):
            yield batch
        if self._waiting:
            self._wake.set()
        while True:
            await self._wake.wait()
            await asyncio.sleep(LINGER_SECONDS)
            self._wake.clear()
            while self._waiting:
                yield self._next_batch()

    def _next_batch(self) -> Batch:
        self._seq += 1
        batch, text = Batch(self._seq), 0
        last: dict[str, Any] = {}
        while self._waiting and len(batch) < MAX_BATCH and text < MAX_BATCH_TEXT:
            record = self._waiting.popleft()
            last = record.to_json()
            text += record.size
            batch.add(record.KEY, last)
        if self._dropped:
            batch.add(Line.KEY, self._loss(last))
        self._unacked.append(batch)
        self._unacked_size += len(batch)
        return batch

    def _loss(self, last: dict[str, Any]) -> dict[str, Any]:
        """A line that tells of the loss, under the origin of the batch's last record."""
        count, self._dropped = self._dropped, 0
        text = f"{count:,} log lines of this executor dropped: the console was away"
        origin = {key: last[key] for key in ("team", "webtask", "label")}
        return {**origin, "invocation": "", "level": "warn", "text": text, "time": epoch_ms()}
