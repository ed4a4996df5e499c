"""What the console says of a visitor is remembered for two seconds, and not a moment longer than it should be."""

import asyncio
import json

import httpx
import pytest

from executor.source import Refused
from executor.visitors import MOST_ASKED_OF_TEAM, TTL_SECONDS, Shown, Visitors

SHOWN = Shown("bearer", "a token")


class Console:
    """Lets in until it is told otherwise; `gate` holds its answers back."""

    def __init__(self) -> None:
        self.asked = 0
        self.refuses = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, method, path, **kwargs):
        self.asked += 1
        refuses = self.refuses
        await self.gate.wait()
        if refuses:
            raise Refused(403, "no")
        return httpx.Response(200, content=json.dumps({"jti": "", "rates": {}}))


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def run(background):
    def run(test):
        async def with_parts():
            console, clock = Console(), Clock()
            await test(console, clock, Visitors(console, clock))

        return background.run(with_parts())

    return run


async def admit(visitors, team="acme", shown=SHOWN, method="GET"):
    return await visitors.admit(team, "hello", shown, method=method)


def test_one_question_serves_all_for_a_while(run):
    async def test(console, clock, visitors):
        await asyncio.gather(*(admit(visitors) for _ in range(50)))
        await admit(visitors)
        assert console.asked == 1
        await admit(visitors, method="POST")
        await admit(visitors, shown=Shown("session", "a token"))
        assert console.asked == 3
        clock.at = TTL_SECONDS
        console.refuses = True
        with pytest.raises(Refused):
            await admit(visitors)

    run(test)


def test_in_its_second_half_it_is_asked_for_beside_the_request(run):
    async def test(console, clock, visitors):
        await admit(visitors)
        clock.at = 1.5
        console.gate.clear()
        console.refuses = True
        await admit(visitors)
        await asyncio.sleep(0)
        assert console.asked == 2
        console.gate.set()
        for _ in range(5):
            await asyncio.sleep(0)
        with pytest.raises(Refused):
            await admit(visitors)

    run(test)


def test_the_two_seconds_count_from_the_question(run):
    """The answer may be from before what has changed meanwhile."""

    async def test(console, clock, visitors):
        console.gate.clear()
        waiting = asyncio.ensure_future(admit(visitors))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        clock.at = 1.9
        console.gate.set()
        await waiting
        clock.at = 2.1
        await admit(visitors)
        assert console.asked == 2

    run(test)


def test_what_was_asked_before_a_change_is_not_kept(run):
    async def test(console, clock, visitors):
        console.gate.clear()
        waiting = asyncio.ensure_future(admit(visitors))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        visitors.forget()
        console.refuses = True
        console.gate.set()
        await waiting
        with pytest.raises(Refused):
            await admit(visitors)

    run(test)


def test_who_shows_anything_cannot_flood_the_console(run):
    async def test(console, clock, visitors):
        console.gate.clear()
        guesses = [
            asyncio.ensure_future(admit(visitors, shown=Shown("bearer", str(number))))
            for number in range(MOST_ASKED_OF_TEAM)
        ]
        for _ in range(3):
            await asyncio.sleep(0)
        with pytest.raises(Refused) as refused:
            await admit(visitors)
        assert refused.value.status == 429
        other = asyncio.ensure_future(admit(visitors, team="other"))
        console.gate.set()
        await asyncio.gather(other, *guesses)
        await admit(visitors)

    run(test)
