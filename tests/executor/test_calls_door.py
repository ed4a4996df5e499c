"""Calls on their way to the console: whose they are, how many at once, what becomes of them when something goes away."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from executor.calls import Calls
from executor.config import Config
from executor.contract import Deployment
from executor.lane import BURST_SECONDS, MOST, RATE, Lane
from tests.stack import free_port


def deployment(team: str, webtask: str | None = "hello", voucher: str = "") -> Deployment:
    return Deployment(
        team=team, webtask=webtask, slot="", version=1, label="v1", entry="x.js", files={}, voucher=voucher
    )


class Console:
    """Holds every question until it is told to answer, each with its own text."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self.news = asyncio.Event()
        self.answers = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert "authorization: bearer secret" in head
        size = next(int(line[16:]) for line in head.split("\r\n") if line.startswith("content-length: "))
        body = await reader.readexactly(size)
        self.asked.append((head.split()[1], body))
        self.news.set()
        await self.answers.wait()
        status = {b"fail": "500 no", b"gone": "404 no"}.get(body, "200 ok")
        writer.write(
            f"HTTP/1.1 {status}\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n".encode() + body
        )
        writer.close()

    async def until(self, count: int) -> None:
        while len(self.asked) < count:
            self.news.clear()
            await self.news.wait()


@pytest.fixture
def asking(tmp_path, background):
    def run(story: Callable[[Calls, Console], Awaitable[None]]) -> None:
        async def told() -> None:
            port, console = free_port(), Console()
            env = {
                "WEBTASKS_DATA": str(tmp_path),
                "WEBTASKS_NODE_TOKEN": "secret",
                "WEBTASKS_CONSOLE": f"http://127.0.0.1:{port}",
            }
            async with await asyncio.start_server(console, "127.0.0.1", port):
                calls = Calls(Config.from_env(env))
                await story(calls, console)
                await calls.close()

        background.run(told())

    return run


def test_whose_call_it_is_the_deployment_says(asking):
    async def story(calls: Calls, console: Console) -> None:
        console.answers.set()
        forged = b'{"what":"storage.get","team":"chaos","webtask":"other"}\n'
        assert await calls.ask(deployment("acme", "a+b"), forged) == forged
        await calls.ask(deployment("acme", None, "acme/0:1"), b"x")
        assert console.asked == [
            ("/internal/calls?team=acme&webtask=a%2bb", forged),
            ("/internal/calls?team=acme&voucher=acme%2f0%3a1", b"x"),
        ]

    asking(story)


def test_one_teams_calls_leave_room_for_anothers(asking):
    async def story(calls: Calls, console: Console) -> None:
        many = [asyncio.create_task(calls.ask(deployment("acme"), b"a")) for _ in range(MOST + 3)]
        await console.until(MOST)
        other = asyncio.create_task(calls.ask(deployment("other"), b"b"))
        await console.until(MOST + 1)
        assert [body for _, body in console.asked] == [b"a"] * MOST + [b"b"]
        console.answers.set()
        assert await asyncio.gather(*many, other) == [b"a"] * len(many) + [b"b"]

    asking(story)


def test_a_caller_that_goes_while_it_waits_takes_its_call_along_and_later_leaves_it(asking):
    async def story(calls: Calls, console: Console) -> None:
        begun = [asyncio.create_task(calls.ask(deployment("acme"), b"begun")) for _ in range(MOST)]
        await console.until(MOST)
        waiting = asyncio.create_task(calls.ask(deployment("acme"), b"waiting"))
        await asyncio.sleep(0)
        for task in (*begun, waiting):
            task.cancel()
        await asyncio.gather(*begun, waiting, return_exceptions=True)
        console.answers.set()
        assert await calls.ask(deployment("acme"), b"next") == b"next"
        assert [body for _, body in console.asked] == [b"begun"] * MOST + [b"next"]

    asking(story)


def test_a_console_that_fails_or_is_away_is_a_result_as_well(asking):
    async def story(calls: Calls, console: Console) -> None:
        console.answers.set()
        line, _, _ = (await calls.ask(deployment("acme"), b"fail")).partition(b"\n")
        assert json.loads(line)["status"] == 503
        line, _, _ = (await calls.ask(deployment("acme"), b"gone")).partition(b"\n")
        assert json.loads(line) == {"status": 404, "message": "The webtask is gone."}

    asking(story)


def test_a_team_saves_up_some_calls_and_then_waits_for_each(background):
    async def story() -> None:
        lane, loop = Lane(), asyncio.get_running_loop()
        begun, more = loop.time(), 20
        for _ in range(int(BURST_SECONDS * RATE) + more):
            await lane.enter()
            lane.leave()
        assert loop.time() - begun >= more / RATE
        assert not lane.idle(loop.time())
        assert lane.idle(loop.time() + 2 * BURST_SECONDS)

    background.run(story())


def test_who_is_cancelled_in_the_lane_holds_up_nobody(background):
    async def story() -> None:
        lane = Lane()
        lane._due = asyncio.get_running_loop().time() + 60
        waiting = [asyncio.create_task(lane.enter()) for _ in range(MOST + 1)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        lane._due = float("-inf")
        assert lane.idle(0.0)
        for _ in range(MOST):
            await lane.enter()
            assert not lane.idle(1e12)

    background.run(story())
