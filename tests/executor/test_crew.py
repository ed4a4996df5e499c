"""How many workers a webtask gets, seen from outside: each worker names itself."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx

NAMED = "const id = require('crypto').randomUUID(); "
COMPUTING = f"""{NAMED}
module.exports = (ctx, cb) => {{ for (const end = Date.now() + 20; Date.now() < end;); cb(null, id); }};
"""
BLOCKING = f"""{NAMED}
let over = false;
module.exports = (ctx, req, res) => {{
  if (!ctx.query.block) return res.end(over ? 'over' : id);
  res.write(id);
  setTimeout(() => {{ Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15_000); over = true; }}, 10);
}};
"""
CALLERS = 12


def workers(url: str, *, wanted: int, calls: int) -> set[str]:
    """Who answers many callers at once, until `wanted` were seen or each has called `calls` times."""
    seen: set[str] = set()
    enough = threading.Event()

    def hammer() -> None:
        with httpx.Client(timeout=60) as client:
            for _ in range(calls):
                answer = client.get(url)
                assert answer.status_code == 200, answer.text
                seen.add(answer.json())
                if enough.is_set():
                    return
                if len(seen) >= wanted:
                    enough.set()

    with ThreadPoolExecutor(CALLERS) as threads:
        for caller in [threads.submit(hammer) for _ in range(CALLERS)]:
            caller.result()
    return seen


def test_a_webtask_that_computes_gets_a_second_worker(limited):
    assert len(workers(limited(COMPUTING).url, wanted=2, calls=500)) == 2


def test_it_gets_no_more_than_that(limited):
    assert len(workers(limited(COMPUTING, workers=1).url, wanted=2, calls=10)) == 1


def test_requests_that_only_wait_get_no_second_worker(limited):
    waiting = NAMED + "module.exports = (ctx, cb) => setTimeout(() => cb(null, id), 100);"
    assert len(workers(limited(waiting).url, wanted=2, calls=10)) == 1


def test_while_one_worker_is_blocked_another_answers(limited):
    one = limited(BLOCKING, blocked_ms=30_000)
    with httpx.stream("GET", one.url, params={"block": "1"}, timeout=60) as blocked:
        body = blocked.iter_bytes()
        first = next(body).decode()
        while (answer := answered_soon(one.url)) == first:
            pass  # it is not blocked yet
        assert answer != "over"


def answered_soon(url: str) -> str:
    while True:
        with contextlib.suppress(httpx.ReadTimeout):
            return httpx.get(url, timeout=1).text


def test_together_they_take_no_more_requests_than_one_would(limited):
    one = limited(COMPUTING, workers=2, concurrency=6)
    statuses: list[int] = []

    def call() -> None:
        with httpx.Client(timeout=60) as client:
            statuses.extend(client.get(one.url).status_code for _ in range(40))

    with ThreadPoolExecutor(CALLERS) as threads:
        for caller in [threads.submit(call) for _ in range(CALLERS)]:
            caller.result()
    assert set(statuses) == {200, 429}


def test_a_publish_takes_all_of_them_out(limited, owner):
    one = limited(COMPUTING)
    before = workers(one.url, wanted=2, calls=500)
    owner.publish(one.name, COMPUTING + "// again")
    after = workers(one.url, wanted=CALLERS, calls=30)
    assert before.isdisjoint(after)
