"""From many requests on the public port to the page that tells how many were counted only."""

import json
import time
from pathlib import Path
from typing import Any

from tests.crowd import crowd
from tests.stack import Member, Stack
from tests.tail import watch

REQUESTS = 1000


def total(owner: Member, webtask: str, requests: int) -> dict[str, Any]:
    """Once it counts so many, which is when their window has ended (the test's own time limit bounds it)."""
    while True:
        found: dict[str, Any] = owner.api("GET", f"/{webtask}/metrics").json()["total"]
        if found["requests"] >= requests:
            return found
        time.sleep(0.1)


def test_a_crowd_of_requests_is_counted_to_the_last_and_kept_in_part(stack: Stack, owner: Member):
    owner.publish("crowded", "module.exports = cb => cb(null, 'hi')")
    with watch(owner, "webtask:acme/crowded") as page:
        assert crowd(stack, "/api/run/acme/crowded", REQUESTS) == REQUESTS
        whole = thinned = 0
        while whole + thinned < REQUESTS:
            message = json.loads(page.recv(timeout=60))
            whole += len(message.get("invocations", ()))
            thinned += sum(tally["thinned"] for tally in message.get("tallies", ()))
    assert whole + thinned == REQUESTS
    assert thinned > 0
    found = total(owner, "crowded", REQUESTS)
    assert (found["requests"], found["thinned"]) == (REQUESTS, thinned)
    assert (found["statuses"], found["error_share"]) == ({"2xx": REQUESTS}, 0.0)
    assert 0 < found["p50_ms"] <= found["p99_ms"] <= found["max_ms"]


def test_an_executor_that_stops_tells_what_it_has_counted(tmp_path: Path):
    first = Stack.start(tmp_path / "data")
    try:
        with Member(first, first.email, first.password) as owner:
            owner.publish("last", "module.exports = cb => cb(null, 'hi')")
        assert crowd(first, "/api/run/acme/last", 7) == 7
    finally:
        assert first.stop() == 0
    again = Stack.start(tmp_path / "data")
    try:
        with Member(again, first.email, first.password) as owner:
            assert owner.api("GET", "/last/metrics").json()["total"]["requests"] == 7
    finally:
        assert again.stop() == 0
