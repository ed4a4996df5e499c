"""Who gets a place when all are taken. The workers are real, only without a process behind them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from executor.contract import Deployment
from executor.pool import crew, frames, room
from executor.pool.crew import Crew
from executor.pool.death import Death
from executor.pool.room import Room
from executor.pool.states import State
from executor.pool.worker import Worker

MEMORY = 1_000
HELLO = Deployment(
    team="acme", webtask="hello", slot="acme/hello", version=1, label="v1", entry="hello.js", files={}
)


class Silent:
    """Nobody who waits for an answer, only for the end."""

    def __init__(self) -> None:
        self.why = ""
        self.ended = asyncio.Event()

    def on_answer_head(self, status: int, reason: str, headers: Sequence[str], source: str) -> None: ...
    def on_answer_body(self, data: bytes) -> None: ...
    def on_answer_end(self, trailers: Sequence[str]) -> None: ...
    def on_reset(self) -> None: ...
    def on_credit(self) -> None: ...
    def on_death(self, death: Death, *, culprit: bool) -> None:
        self.why = death.kind
        self.ended.set()


class Node:
    def __init__(self, places: int = 4) -> None:
        self.room = Room(places=places, memory=MEMORY)

    def employ(self, team: str, *, busy: bool = False, held: int = 0) -> Worker:
        assert self.room.claim(team)
        self.room.redeem(team)
        worker = blank(lambda worker, _why: self.room.leave(worker))
        worker.bind(HELLO)
        worker.held = held
        if busy:
            worker.open({}, Silent())
        self.room.take(team, worker)
        return worker


def blank(on_death: Callable[[Worker, Death], None]) -> Worker:
    worker = Worker(asyncio.get_running_loop(), on_death=on_death)
    worker.data_received(frames.encode(frames.READY, 0, b"{}"))
    return worker


def states(*workers: Worker) -> list[State]:
    return [worker.state for worker in workers]


def test_a_team_below_its_share_gets_the_place_of_a_busy_worker_of_another(background):
    async def work() -> None:
        node = Node()
        rich = [node.employ("a", busy=True) for _ in range(4)]
        assert not node.room.claim("a")
        poor = [node.employ("b", busy=True) for _ in range(2)]
        assert states(*rich).count(State.RETIRED) == 2
        assert not node.room.claim("b")
        assert not node.room.claim("a")
        assert states(*poor) == [State.BOUND] * 2

    background.run(work())


def test_what_is_idle_goes_before_what_is_busy(background):
    async def work() -> None:
        node = Node()
        first, idle, *others = [node.employ("a", busy=number != 1) for number in range(4)]
        node.employ("b")
        assert states(first, idle, *others) == [State.BOUND, State.DEAD, State.BOUND, State.BOUND]

    background.run(work())


def test_a_team_above_its_share_takes_no_idle_worker_of_one_below(background):
    async def work() -> None:
        node = Node()
        poor = node.employ("b")
        for _ in range(3):
            node.employ("a", busy=True)
        assert not node.room.claim("a")
        assert poor.state is State.BOUND

    background.run(work())


def test_a_team_that_did_nothing_for_long_is_not_at_work(background, monkeypatch):
    monkeypatch.setattr(room, "ACTIVE_SECONDS", -1.0)

    async def work() -> None:
        node = Node()
        asleep = node.employ("b")
        for _ in range(4):
            node.employ("a", busy=True)
        assert asleep.state is State.DEAD

    background.run(work())


def test_of_more_teams_than_places_the_one_idle_longest_goes(background):
    async def work() -> None:
        node = Node(places=2)
        first, second = node.employ("a"), node.employ("b")
        node.employ("c")
        assert states(first, second) == [State.DEAD, State.BOUND]

    background.run(work())


@pytest.mark.parametrize(("rested", "granted"), [(-1.0, True), (60.0, False)])
def test_another_worker_of_a_webtask_gets_the_place_of_one_that_did_nothing_for_a_while(
    background, monkeypatch, rested, granted
):
    monkeypatch.setattr(room, "RESTED_SECONDS", rested)

    async def work() -> None:
        node = Node(places=2)
        busy, idle = node.employ("a", busy=True), node.employ("a")
        assert node.room.claim_spare("a") is granted
        assert states(busy, idle) == [State.BOUND, State.DEAD if granted else State.BOUND]

    background.run(work())


def test_nobody_with_something_to_do_goes_for_it(background, monkeypatch):
    monkeypatch.setattr(room, "RESTED_SECONDS", -1.0)

    async def work() -> None:
        node = Node(places=2)
        busy = [node.employ("a", busy=True), node.employ("b", busy=True)]
        assert not node.room.claim_spare("a")
        assert states(*busy) == [State.BOUND] * 2

    background.run(work())


def test_a_place_that_was_given_away_is_left_in_the_end(background, monkeypatch):
    monkeypatch.setattr(room, "NOTICE_SECONDS", 0.0)

    async def work() -> None:
        node, answer = Node(places=1), Silent()
        worker = node.employ("a")
        worker.open({}, answer)
        node.room.give_notice([worker])
        assert not node.room.full
        await answer.ended.wait()
        assert answer.why == "ended"

    background.run(work())


def test_a_node_whose_memory_is_used_up_is_full(background):
    async def work() -> None:
        node = Node()
        first = node.employ("a", held=600)
        second = node.employ("a", held=600)
        node.employ("a")
        assert states(first, second) == [State.DEAD, State.BOUND]

    background.run(work())


def test_workers_that_grow_past_the_nodes_memory_send_idle_ones_away(background):
    async def work() -> None:
        node = Node()
        busy, first, second = node.employ("a", busy=True), node.employ("a"), node.employ("b")
        busy.held = first.held = second.held = 400
        node.room.relieve()
        assert states(busy, first, second) == [State.BOUND, State.DEAD, State.BOUND]
        busy.held = 5_000
        node.room.relieve()
        assert states(busy, second) == [State.BOUND, State.DEAD]

    background.run(work())


@pytest.mark.parametrize(("members", "spare"), [(1, False), (2, True)])
def test_of_several_workers_one_that_does_nothing_is_spare_and_the_last_is_not(
    background, monkeypatch, members, spare
):
    monkeypatch.setattr(crew, "SPARE_SECONDS", -1.0)

    async def work() -> None:
        node = Node()
        first, *more = [node.employ("acme") for _ in range(members)]
        one = Crew(HELLO, first)
        one.workers += more
        assert (one.spare(first.now()) is not None) is spare

    background.run(work())


def test_a_scratch_worker_takes_no_code_of_another_team_whatever_its_slot(background):
    async def work() -> None:
        code = replace(HELLO, webtask=None, slot="token:1")
        worker = blank(lambda _worker, _why: None)
        worker.bind(code)
        assert worker.serves(replace(code, files={"webtask.js": "more"}))
        assert not worker.serves(replace(code, team="other"))

    background.run(work())


def test_a_guest_that_answers_what_nobody_asked_dies(background):
    async def work() -> None:
        deaths: list[Death] = []
        worker = blank(lambda _worker, why: deaths.append(why))
        worker.data_received(frames.encode(frames.PONG, 0, b"pulse"))
        assert [why.kind for why in deaths] == ["protocol"]

    background.run(work())
