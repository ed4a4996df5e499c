"""Workers are replaced before they are worn out, and nobody notices."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from executor.limit import MIB
from tests.stack import Member, Stack

COUNTING = "let calls = 0; module.exports = cb => cb(null, calls += 1);"
LEAKING = """
const kept = [];
module.exports = cb => { kept.push(Buffer.alloc(200 * 1024, 1)); setTimeout(() => cb(null, kept.length), 5); };
"""
PATIENCE = 5_000  # requests


def replaced(url: str) -> int:
    """How many requests a worker answered before another came in its place; every request was answered."""
    before = 0
    with httpx.Client(timeout=60) as client:
        for _ in range(PATIENCE):
            answer = client.get(url)
            assert answer.status_code == 200, answer.text
            now = answer.json()
            if now < before:
                return before
            before = now
    raise AssertionError("no other worker came")


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Its workers live short."""
    running = Stack.start(tmp_path_factory.mktemp("short") / "data", WEBTASKS_RECYCLE_REQUESTS="20")
    yield running
    assert running.stop() == 0, running.log.read_text()[-4000:]


def test_a_worker_that_served_enough_is_replaced(short):
    with Member(short, short.email, short.password) as member:
        member.publish("counting", COUNTING)
    assert replaced(f"{short.url}/api/run/acme/counting") >= 20


def test_of_many_callers_at_once_nobody_notices(short):
    named = "const id = require('crypto').randomUUID(); module.exports = (ctx, cb) => setTimeout(() => cb(null, id), 10);"
    with Member(short, short.email, short.password) as member:
        member.publish("named", named)
    seen: set[str] = set()
    statuses: set[int] = set()

    def hammer() -> None:
        with httpx.Client(timeout=60) as client:
            while len(seen) < 4:
                answer = client.get(f"{short.url}/api/run/acme/named")
                statuses.add(answer.status_code)
                seen.add(answer.text)

    with ThreadPoolExecutor(8) as threads:
        for caller in [threads.submit(hammer) for _ in range(8)]:
            caller.result()
    assert statuses == {200}


def test_a_worker_that_keeps_more_and_more_is_replaced_before_it_is_killed(limited):
    assert replaced(limited(LEAKING, memory_bytes=64 * MIB).url) >= 100
