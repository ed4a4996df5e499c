"""One request on a worker: what passes, and when it is over."""

import struct
from dataclasses import dataclass, field
from typing import Any

import pytest

from executor.pool import frames
from executor.pool.stream import Stream


@dataclass
class Place:
    """The worker's and the client's end of a stream, as far as a stream knows them."""

    said: list[tuple[int, bytes]] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    closed: int = 0
    room: int = 0

    def now(self) -> float:
        return 0.0

    def write(self, data: bytes) -> None:
        while data:
            length, kind, _ = struct.unpack(">IBI", data[:9])
            self.said.append((kind, data[9 : 4 + length]))
            data = data[4 + length :]

    def close_stream(self, _stream: Stream) -> None:
        self.closed += 1

    def on_answer_body(self, data: bytes) -> None:
        self.heard.append(data)

    def on_credit(self) -> None:
        self.room += 1

    @property
    def kinds(self) -> list[int]:
        return [kind for kind, _ in self.said]


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def stream(place: Place) -> Stream:
    worker: Any = place
    return Stream(worker, 1, worker, wall=1, invocation="1.1")


def test_a_guest_may_not_send_more_than_was_taken(stream, place):
    for _ in range(4):
        stream.heard_body(bytes(frames.MAX_BODY))
    with pytest.raises(frames.FrameError, match="credit"):
        stream.heard_body(b"x")
    stream.consumed(frames.MAX_BODY)
    assert place.kinds == [frames.CREDIT]


def test_what_was_taken_may_be_sent_again(stream, place):
    for _ in range(16):
        stream.heard_body(bytes(frames.MAX_BODY))
        stream.consumed(frames.MAX_BODY)
    assert len(place.heard) == 16


def test_end_follows_the_body_and_is_said_once(stream, place):
    assert not stream.send(bytes(frames.INITIAL_CREDIT + 1))
    stream.end()
    assert frames.END not in place.kinds
    stream.credited(1)
    stream.credited(1)
    assert place.kinds[-2:] == [frames.BODY, frames.END]
    assert place.room == 1


def test_an_answer_is_the_end_of_a_plain_request(stream, place):
    stream.heard_end()
    assert (stream.over, place.closed) == (True, 1)


def test_another_protocol_is_over_when_both_sides_have_ended(stream, place):
    stream.switched = True
    stream.heard_end()
    assert (stream.over, place.closed) == (False, 0)
    assert stream.send(b"still heard")
    stream.end()
    assert (stream.over, place.closed) == (True, 1)


def test_the_end_counts_when_it_is_said(stream, place):
    stream.switched = True
    stream.heard_end()
    stream.send(bytes(frames.INITIAL_CREDIT + 1))
    stream.end()
    assert not stream.over
    stream.credited(1)
    assert (stream.over, place.closed, place.room) == (True, 1, 1)


@pytest.mark.parametrize("late", [lambda stream: stream.heard_body(b"x"), lambda stream: stream.heard_end()])
def test_nothing_follows_the_guests_end(stream, late):
    stream.switched = True
    stream.heard_end()
    with pytest.raises(frames.FrameError, match="END"):
        late(stream)
