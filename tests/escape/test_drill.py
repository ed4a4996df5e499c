"""The console asks an executor to prove its walls: over the real link, on a scratch launcher of its own."""

import asyncio
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.asyncio.server import serve

from executor.attacks import suite
from executor.attacks.program import programs
from executor.config import Config
from executor.doctor import Doctor
from executor.link import Link
from executor.logs.outbox import Outbox
from executor.report import Report
from executor.source import Source

FEW = {"ptrace_is_deadly", "shell_is_refused", "host_files_are_absent"}
PATIENCE = 30
ENDS = {"attacks_over", "isolation"}


@pytest.fixture
def few(monkeypatch):
    """A handful stands for all: the whole suite runs elsewhere."""
    some = [program for program in programs() if program.name in FEW]
    monkeypatch.setattr(suite, "programs", lambda: some)


NOTHING = Report(mode="root", layers=(), runtimes={}, kernel={}, serves=True)


def link(port: int, data) -> Link:
    env = {
        "WEBTASKS_CONSOLE": f"http://127.0.0.1:{port}",
        "WEBTASKS_NODE_TOKEN": "t",
        "WEBTASKS_DATA": str(data),
    }
    doctor = Doctor(data, frozenset())
    pool: Any = SimpleNamespace(changed=asyncio.Event(), blank=0, bound=0)
    config = Config.from_env(env)
    return Link(
        config,
        pool=pool,
        source=Source(config),
        outbox=Outbox(),
        doctor=doctor,
        report=NOTHING,
    )


def ask(background, data, *orders: dict[str, str]) -> list[dict[str, Any]]:
    """What the executor answers to a console that sends `orders`, up to the end of each run."""
    heard: list[dict[str, Any]] = []

    async def story() -> None:
        over = asyncio.Event()

        async def console(socket) -> None:
            await socket.recv()
            await socket.send(json.dumps({"t": "welcome", "acked": 0}))
            for order in orders:
                await socket.send(json.dumps(order))
            waiting = len(orders)
            while waiting:
                message = json.loads(await socket.recv())
                heard.append(message)
                waiting -= message["t"] in ENDS
            over.set()

        async with serve(console, "127.0.0.1", 0) as server:
            linking = asyncio.create_task(link(server.sockets[0].getsockname()[1], data).run())
            await over.wait()
            linking.cancel()
            await asyncio.gather(linking, return_exceptions=True)

    background.run(story())
    return [message for message in heard if message["t"] != "state"]


def test_every_result_is_told_and_then_the_sum(background, few, tmp_path):
    *attacked, over = ask(background, tmp_path, {"t": "attack", "run": "r1"})
    assert {message["attack"]["name"] for message in attacked} == FEW
    assert all(message["attack"]["passed"] and message["attack"]["ms"] > 0 for message in attacked)
    assert over == {
        "t": "attacks_over",
        "run": "r1",
        "passed": len(FEW),
        "failed": 0,
        "untried": 0,
        "error": "",
    }


def test_a_second_run_meanwhile_is_refused(background, few, tmp_path):
    heard = ask(background, tmp_path, {"t": "attack", "run": "r1"}, {"t": "attack", "run": "r2"})
    over = {message["run"]: message["error"] for message in heard if message["t"] == "attacks_over"}
    assert over == {"r1": "", "r2": "another run is under way"}


def test_a_program_that_gets_through_is_told_as_failed(background, few, tmp_path, monkeypatch):
    some = programs()[0]
    breach = replace(
        some,
        name="breach",
        language="node",
        walls="node",
        expected="print EPERM",
        source="console.log('through')",
    )
    monkeypatch.setattr(suite, "programs", lambda: [breach])
    attacked, over = ask(background, tmp_path, {"t": "attack", "run": "r1"})
    assert (attacked["attack"]["passed"], attacked["attack"]["outcome"]) == (False, "printed through")
    assert (over["passed"], over["failed"]) == (0, 1)
