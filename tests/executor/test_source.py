"""What the console allows is bounded by this node's ceilings, and asked for again by the console's own name for it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from executor import memory, source
from executor.config import Config
from executor.contract import Deployment, Limits
from executor.source import Source, Unreachable
from tests.stack import free_port

GENEROUS = Limits(wall_ms=60_000, memory_bytes=1 << 30, cpu_ms=100)
DEPLOYMENT = Deployment(
    team="acme",
    webtask="hello",
    slot="acme/hello",
    version=1,
    label="v1",
    entry="hello.js",
    files={},
    limits=GENEROUS,
)


class Console:
    """Answers every question with the deployment, or that it is unchanged."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.told: asyncio.Queue[int] = asyncio.Queue()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status, body = 200, json.dumps(self.body(head)).encode()
        if f'if-none-match: "{DEPLOYMENT.digest}"'.encode() in head:
            status, body = 304, b""
        self.answers.append(status)
        self.told.put_nowait(status)
        length = f"content-length: {len(body)}\r\n" if status == 200 else ""
        writer.write(f"HTTP/1.1 {status} OK\r\n{length}connection: close\r\n\r\n".encode() + body)
        writer.close()

    def body(self, head: bytes) -> dict[str, Any]:
        if head.startswith(b"post"):
            return {"token": "t", "template": DEPLOYMENT.to_json(), "ttl": 30}
        return DEPLOYMENT.to_json()


def asking(tmp_path, background, ask: Callable[[Source, Console], Awaitable[None]]) -> None:
    """Runs `ask` with a node whose ceilings are 30 seconds and 256 MiB."""

    async def story() -> None:
        port, console = free_port(), Console()
        config = Config.from_env(
            {
                "WEBTASKS_DATA": str(tmp_path),
                "WEBTASKS_NODE_TOKEN": "secret",
                "WEBTASKS_CONSOLE": f"http://127.0.0.1:{port}",
                "WEBTASKS_CEILING_WALL_MS": "30000",
                "WEBTASKS_CEILING_MEMORY_BYTES": str(256 << 20),
            }
        )
        async with await asyncio.start_server(console, "127.0.0.1", port):
            source = Source(config)
            try:
                await ask(source, console)
            finally:
                await source.close()

    background.run(story())


BOUNDED = Limits(wall_ms=30_000, memory_bytes=256 << 20, cpu_ms=100)


def test_live_drafts_and_ad_hoc_code_are_all_bounded(tmp_path, background):
    async def ask(source: Source, _: Console) -> None:
        assert (await source.deployment("acme", "hello")).limits == BOUNDED
        assert (await source.granted("acme", "hello", "grant")).limits == BOUNDED
        assert (await source.leave("acme", "token")).template.limits == BOUNDED

    asking(tmp_path, background, ask)


def test_a_bounded_deployment_is_not_sent_twice(tmp_path, background):
    async def ask(source: Source, console: Console) -> None:
        first = await source.deployment("acme", "hello")
        assert await source.deployment("acme", "hello") == first
        assert console.answers == [200, 304]

    asking(tmp_path, background, ask)


def test_while_the_link_stands_what_is_known_is_used_at_once(tmp_path, background, monkeypatch):
    monkeypatch.setattr(source, "TTL_SECONDS", 0.0)

    async def ask(it: Source, console: Console) -> None:
        it.link = "a link"
        await it.deployment("acme", "hello")
        assert it.remembered("acme", "hello") is not None
        assert [await console.told.get() for _ in range(2)] == [200, 304]

    asking(tmp_path, background, ask)


@pytest.mark.parametrize("later", [None, "another link"])
def test_what_was_learnt_under_another_link_is_asked_for_again(later, tmp_path, background, monkeypatch):
    monkeypatch.setattr(source, "TTL_SECONDS", 0.0)

    async def ask(it: Source, _: Console) -> None:
        it.link = "a link"
        await it.deployment("acme", "hello")
        it.link = later
        assert it.remembered("acme", "hello") is None

    asking(tmp_path, background, ask)


def test_a_leave_that_was_forgotten_while_it_was_asked_for_is_asked_for_again(tmp_path, background):
    async def ask(it: Source, console: Console) -> None:
        asked = asyncio.create_task(it.leave("acme", "token"))
        await asyncio.sleep(0)
        it.forget_token("t")
        await asked
        await it.leave("acme", "token")
        assert console.answers == [200, 200]
        await it.leave("acme", "token")
        assert console.answers == [200, 200]

    asking(tmp_path, background, ask)


def test_what_runs_by_a_token_ends_with_it(tmp_path, background, monkeypatch):
    gone = replace(DEPLOYMENT, expires=1)
    monkeypatch.setattr(Console, "body", lambda *_: gone.to_json())

    async def ask(it: Source, _: Console) -> None:
        await it.deployment("acme", "hello")
        assert it.remembered("acme", "hello") is None

    asking(tmp_path, background, ask)


@pytest.mark.parametrize(("expires", "used"), [(None, True), (1, False)])
def test_a_console_that_is_away_keeps_nothing_alive_past_its_end(
    expires, used, tmp_path, background, monkeypatch
):
    known = replace(DEPLOYMENT, expires=expires)
    monkeypatch.setattr(Console, "body", lambda *_: known.to_json())

    async def ask(it: Source, console: Console) -> None:
        await it.deployment("acme", "hello")

        async def away(*_: Any, **__: Any) -> None:
            raise Unreachable

        monkeypatch.setattr(it, "ask", away)
        if used:
            assert (await it.deployment("acme", "hello")).limits == BOUNDED
        else:
            with pytest.raises(Unreachable):
                await it.deployment("acme", "hello")

    asking(tmp_path, background, ask)


def test_more_code_than_there_is_room_for_is_not_remembered(tmp_path, background, monkeypatch):
    code = "x" * 1_000
    monkeypatch.setattr(memory, "MOST_BYTES", 3_000)
    monkeypatch.setattr(Console, "body", lambda *_: replace(DEPLOYMENT, files={"hello.js": code}).to_json())

    async def ask(it: Source, _: Console) -> None:
        for webtask in ("first", "second"):
            await it.deployment("acme", webtask)
        assert it.known("acme") == ["second"]

    asking(tmp_path, background, ask)


def test_what_was_asked_for_by_a_former_name_is_forgotten_with_the_present_one(tmp_path, background):
    """Changes are told by the name that the team has."""

    async def ask(it: Source, _: Console) -> None:
        assert (await it.deployment("before", "hello")).team == "acme"
        assert it.remembered("before", "hello") is not None
        assert it.known("acme") == ["hello"]
        it.forget("acme", "hello")
        assert it.remembered("before", "hello") is None
        await it.deployment("before", "hello")
        it.forget_team("acme")
        assert it.remembered("before", "hello") is None

    asking(tmp_path, background, ask)


def test_an_answer_to_a_former_name_that_a_change_overtook_is_not_kept(tmp_path, background):
    """Until it comes nobody knows whose former name it is."""

    async def ask(it: Source, _console: Console) -> None:
        asked = asyncio.create_task(it.deployment("before", "hello"))
        for _ in range(2):  # its turn, and that of the question it asks
            await asyncio.sleep(0)
        it.forget("acme", "hello")
        await asked
        assert it.remembered("before", "hello") is None

    asking(tmp_path, background, ask)
