"""One request on a guest, as the executor sees it."""

import asyncio
import json
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.guest import frames

if TYPE_CHECKING:
    from tests.guest.guest import Guest

Frame = tuple[int, int, bytes]


@dataclass
class Answer:
    status: int = 0
    reason: str = ""
    headers: list[str] = field(default_factory=list)
    source: str = ""
    body: bytes = b""
    trailers: list[str] = field(default_factory=list)
    ending: str = ""  # "end", "reset", or "death" of the guest

    def header(self, name: str) -> list[str]:
        pairs = zip(self.headers[::2], self.headers[1::2], strict=True)
        return [value for key, value in pairs if key.lower() == name]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Call:
    def __init__(self, guest: "Guest", stream: int) -> None:
        self.guest = guest
        self.stream = stream
        self.frames: asyncio.Queue[Frame | None] = asyncio.Queue()
        self.credit = 0  # what the guest granted on top of the initial credit
        self.granted = 0
        self.got = Answer()

    def send(self, body: bytes) -> None:
        for start in range(0, len(body), 65_536):
            self.guest.send(frames.BODY, self.stream, body[start : start + 65_536])

    def end(self) -> None:
        self.guest.send(frames.END, self.stream)

    def reset(self) -> None:
        self.guest.send(frames.RESET, self.stream)

    def grant(self, count: int) -> None:
        self.granted += count
        self.guest.send(frames.CREDIT, self.stream, struct.pack(">I", count))

    async def hear(self) -> int:
        """Takes in one frame; its type, or 0 when the guest is gone."""
        frame = await self.frames.get()
        if frame is None:
            self.got.ending = "death"
            return 0
        kind, _, payload = frame
        if kind == frames.HEAD:
            assert self.got.status == 0, "a second HEAD"
            self.got.status, self.got.reason, self.got.headers, self.got.source = json.loads(payload)
        elif kind == frames.BODY:
            assert self.got.status != 0, "BODY before HEAD"
            assert len(payload) <= 65_536
            self.got.body += payload
        elif kind == frames.CREDIT:
            self.credit += struct.unpack(">I", payload)[0]
        else:
            self.got.ending = {frames.END: "end", frames.RESET: "reset"}[kind]
            self.got.trailers = json.loads(payload) if payload else []
        return kind

    async def head(self) -> Answer:
        while self.got.status == 0:
            assert await self.hear() != 0, "the guest died"
        return self.got

    async def body(self, size: int) -> bytes:
        """Waits for so many bytes of the answer."""
        while len(self.got.body) < size:
            assert await self.hear() in (frames.HEAD, frames.BODY, frames.CREDIT)
        return self.got.body

    async def credited(self, count: int) -> None:
        while self.credit < count:
            assert await self.hear() != 0, "the guest died"

    async def answer(self) -> Answer:
        """The whole answer; whatever it needs of credit is granted."""
        while not self.got.ending:
            if len(self.got.body) > self.granted:
                self.grant(len(self.got.body) - self.granted)
            await self.hear()
        return self.got

    def heard(self) -> list[int]:
        """The types of frames that have come and are not looked at yet."""
        waiting = []
        while not self.frames.empty():
            frame = self.frames.get_nowait()
            assert frame is not None, "the guest died"
            waiting.append(frame[0])
        return waiting
