"""Records wait for the console, are sent again after a break, and are lost only with a count."""

import asyncio

from executor.logs import outbox as module
from executor.logs.egress import EgressCall
from executor.logs.line import Line
from executor.logs.outbox import Outbox
from executor.logs.record import Origin


def line(text: str) -> Line:
    return Line(origin=Origin("acme", "hello", "v1"), invocation="", level="info", text=text, time=1.0)


async def texts(outbox: Outbox, count: int, *, after: int = 0, ack: bool = False) -> list[str]:
    """Reads one link's batches until `count` lines have come."""
    got: list[str] = []
    async for batch in outbox.batches(after=after):
        got += [entry["text"] for entry in batch.lists["lines"]]
        if ack:
            outbox.acked(batch.seq)
        if len(got) >= count:
            break
    return got


def test_unacknowledged_lines_come_again_on_the_next_link(background):
    async def story() -> None:
        outbox = Outbox()
        outbox.put(line("a"))
        assert await texts(outbox, 1) == ["a"]
        outbox.put(line("b"))
        assert await texts(outbox, 2, ack=True) == ["a", "b"]
        outbox.put(line("c"))
        assert await texts(outbox, 1, ack=True) == ["c"]
        await asyncio.wait_for(outbox.settled(), 1)

    background.run(story())


def test_what_the_console_already_holds_is_not_sent_again(background):
    async def story() -> None:
        outbox = Outbox()
        outbox.put(line("kept by the console"))
        await texts(outbox, 1)
        outbox.put(line("new"))
        assert await texts(outbox, 1, after=1) == ["new"]

    background.run(story())


def test_a_console_that_stays_away_costs_lines_and_says_how_many(background, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 3)

    async def story() -> None:
        outbox = Outbox()
        for number in range(5):
            outbox.put(line(str(number)))
        got = await texts(outbox, 4)
        assert got[:3] == ["0", "1", "2"]
        assert "2 log lines" in got[3]

    background.run(story())


def test_calls_to_the_outside_travel_beside_the_lines(background):
    call = EgressCall(
        origin=Origin("acme", "hello", "v1"),
        invocation="1.2",
        time=1.0,
        ms=2.5,
        host="api.example.com",
        port=443,
        address="93.184.216.34",
        sent=10,
        received=20,
        verdict="allowed",
    )

    async def story() -> None:
        outbox = Outbox()
        outbox.put(call)
        batch = await anext(outbox.batches(after=0))
        assert batch.to_json() == {
            "t": "records",
            "seq": 1,
            "lines": [],
            "invocations": [],
            "egress": [
                {
                    "team": "acme",
                    "webtask": "hello",
                    "label": "v1",
                    "invocation": "1.2",
                    "time": 1.0,
                    "ms": 2.5,
                    "host": "api.example.com",
                    "port": 443,
                    "address": "93.184.216.34",
                    "sent": 10,
                    "received": 20,
                    "verdict": "allowed",
                }
            ],
        }

    background.run(story())
