"""Who waits for a place on a full node: teams take turns, few wait, and nobody for long."""

import asyncio
from contextlib import ExitStack

import pytest

from executor.pool.queue import SEATS, PoolFull, Queue


class Places:
    """A node with so many free."""

    def __init__(self, free: int = 0) -> None:
        self.free = free

    def claim(self, _team: str) -> bool:
        if not self.free:
            return False
        self.free -= 1
        return True


async def served(free: int, *teams: str) -> list[str]:
    """Who of `teams`, which all wait, gets one of the places that become free, in that order."""
    places, order = Places(), []
    queue = Queue(places.claim)

    async def wait(team: str) -> None:
        await queue.claim(team)
        order.append(team)

    waiting = [asyncio.create_task(wait(team)) for team in teams]
    await asyncio.sleep(0)
    places.free = free
    queue.wake()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert not queue
    return order


def test_teams_take_turns_however_many_requests_one_has(background):
    assert background.run(served(3, "a", "a", "a", "a", "b", "c")) == ["a", "b", "c"]
    assert background.run(served(5, "a", "a", "a", "a", "b")) == ["a", "b", "a", "a", "a"]


def test_whoever_gets_no_place_in_time_is_turned_away(background):
    async def wait() -> None:
        await Queue(Places().claim).claim("a")

    with pytest.raises(PoolFull):
        background.run(wait())


def test_a_free_place_is_nobodys_to_wait_for(background):
    background.run(Queue(Places(free=1).claim).claim("a"))


def test_one_team_has_so_many_seats_and_another_as_many(background):
    async def fill() -> None:
        queue = Queue(Places().claim)
        waiting = asyncio.create_task(queue.claim("a"))
        await asyncio.sleep(0)
        with ExitStack() as seats:
            for _ in range(SEATS):
                seats.enter_context(queue.seat("a"))
            with pytest.raises(PoolFull), queue.seat("a"):
                pass
            seats.enter_context(queue.seat("b"))
        with queue.seat("a"):
            waiting.cancel()

    background.run(fill())
