"""Calls of a guest: they may come in any pieces, and whoever breaks a bound is found before anything is kept for him."""

import asyncio

import pytest

from executor.call import MAX_HEAD, BadCall, pack, read
from executor.contract import Limits
from executor.pool import frames
from executor.pool.calls import MAX_OPEN, ROOM, Calls

LIMITS = Limits(storage_bytes=100_000, code_bytes=2_000)
LARGEST = LIMITS.storage_bytes + ROOM


class Desk:
    """Takes calls and answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.said: list[bytes] = []
        self.answers = asyncio.Event()
        self.cancelled = 0
        self.calls = Calls(self.said.append)
        self.calls.open(self.ask, LIMITS)

    async def ask(self, call: bytes) -> bytes:
        self.asked.append(call)
        try:
            await self.answers.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return call[:1]

    def hear(self, call: int, text: bytes) -> None:
        for at in range(0, len(text), frames.MAX_BODY):
            self.calls.heard(call, text[at : at + frames.MAX_BODY])
        if len(text) % frames.MAX_BODY == 0:
            self.calls.heard(call, b"")

    async def settle(self) -> None:
        for _ in range(4):
            await asyncio.sleep(0)


def at_desk(background, work) -> None:
    async def run() -> None:
        await work(Desk())

    background.run(run())


@pytest.mark.parametrize("size", [1, frames.MAX_BODY - 1, frames.MAX_BODY, frames.MAX_BODY + 1, LARGEST])
def test_a_call_is_whole_whatever_its_size(background, size):
    async def work(desk: Desk) -> None:
        desk.answers.set()
        desk.hear(7, b"x" * size)
        await desk.settle()
        assert desk.asked == [b"x" * size]
        assert desk.said == [frames.encode(frames.RESULT, 7, b"x")]

    at_desk(background, work)


def test_calls_may_be_mixed_and_answered_in_any_order(background):
    async def work(desk: Desk) -> None:
        desk.answers.set()
        desk.calls.heard(1, b"a" * frames.MAX_BODY)
        desk.calls.heard(2, b"b")
        desk.calls.heard(1, b"c")
        await desk.settle()
        assert desk.asked == [b"b", b"a" * frames.MAX_BODY + b"c"]

    at_desk(background, work)


def test_more_calls_than_may_be_open_end_the_worker(background):
    async def work(desk: Desk) -> None:
        desk.calls.heard(0, b"a" * frames.MAX_BODY)
        for call in range(1, MAX_OPEN):
            desk.calls.heard(call, b"x")
        with pytest.raises(frames.FrameError, match="at once"):
            desk.calls.heard(MAX_OPEN, b"x")

    at_desk(background, work)


def test_a_call_without_end_ends_the_worker(background):
    async def work(desk: Desk) -> None:
        with pytest.raises(frames.FrameError, match="a CALL of more than"):
            desk.hear(1, b"x" * (LARGEST + 1))

    at_desk(background, work)


def test_a_call_said_twice_ends_the_worker(background):
    async def work(desk: Desk) -> None:
        desk.calls.heard(1, b"x")
        with pytest.raises(frames.FrameError, match="twice"):
            desk.calls.heard(1, b"x")

    at_desk(background, work)


def test_a_blank_worker_has_nothing_to_call_for():
    with pytest.raises(frames.FrameError, match="nobody's"):
        Calls(lambda _: None).heard(1, b"x")


def test_a_guest_that_does_not_read_gets_no_more_results_and_has_no_more_calls(background):
    async def work(desk: Desk) -> None:
        desk.answers.set()
        desk.calls.paused = True
        for call in range(MAX_OPEN):
            desk.calls.heard(call, b"x")
        await desk.settle()
        assert desk.said == []
        with pytest.raises(frames.FrameError, match="at once"):
            desk.calls.heard(MAX_OPEN, b"x")
        desk.calls.resume()
        assert len(desk.said) == MAX_OPEN
        desk.calls.heard(MAX_OPEN, b"x")

    at_desk(background, work)


def test_the_calls_of_a_dead_worker_wait_no_longer(background):
    async def work(desk: Desk) -> None:
        desk.calls.heard(1, b"x")
        await desk.settle()
        desk.calls.close()
        await desk.settle()
        assert (desk.cancelled, desk.said) == (1, [])

    at_desk(background, work)


def test_a_call_names_what_it_wants():
    call = read(pack({"what": "storage.set", "etag": None}, b'{"a":\n1}'))
    assert (call.what, call.args, call.body) == ("storage.set", {"etag": None}, b'{"a":\n1}')


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"{", b"[]\n", b"{}\n", b'{"what": 1}\n', b"\xff\n", b"[" * 4000 + b"\n", b" " * MAX_HEAD + b'{"what":""}'],
)  # fmt: skip
def test_anything_else_is_no_call(data):
    with pytest.raises(BadCall):
        read(data)
