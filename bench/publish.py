"""Publishing again and again under load: how long it takes, what is served right after it, and what fails."""

import json
import statistics
import time
from pathlib import Path

from bench.client import Client, running
from bench.load import Load, load
from bench.report import Figure, Outcome, markdown
from bench.stand import Stand, standing
from tests.stack import Member

TITLE = "Publishing"
_NAME = "published"
_CODE = "module.exports = (cb) => setTimeout(cb, 5, null, { version: %d });"
PUBLICATIONS = 20
_CONNECTIONS, _SECONDS = 16, 20


def run(data: Path, *, rounds: int) -> Outcome:
    """The table. One round is enough: it publishes often."""
    with standing(data) as stand, Member(stand.stack, stand.stack.email, stand.stack.password) as owner:
        owner.publish(_NAME, _CODE % 1)
        idle = [_publish(stand, owner, number) for number in range(2, PUBLICATIONS + 2)]
        loads: list[Load] = []
        with running(
            [lambda: loads.append(load(stand.url(_NAME), connections=_CONNECTIONS, seconds=_SECONDS))]
        ):
            first = PUBLICATIONS + 2
            busy = [_publish(stand, owner, number) for number in range(first, first + PUBLICATIONS)]
    rows = [_row("nothing else", idle, None), _row(f"{_CONNECTIONS} connections", busy, loads[0])]
    head = ["beside it", "published, p50, ms", "longest, ms", "old version after it", "requests", "failed"]
    longest, failed = max(took for took, _ in busy), loads[0].failed
    stale = sum(not fresh for _, fresh in idle + busy)
    return Outcome(
        markdown(head, rows),
        [
            Figure(
                "publish under load, until every executor serves it: longest",
                "≤ 100 ms",
                f"{longest:.0f} ms",
                longest <= 100,
            ),
            Figure(
                "requests failed meanwhile, or served by the old version after it",
                "0",
                f"{failed + stale}",
                not failed + stale,
            ),
        ],
    )


def _publish(stand: Stand, owner: Member, number: int) -> tuple[float, bool]:
    """Milliseconds to the answer, and whether the next request was served by what was published."""
    etag = owner.save(_NAME, _CODE % number)
    began = time.perf_counter()
    answer = owner.api("POST", f"/{_NAME}/publish", json={"message": "", "etag": etag})
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 201, answer.text
    with Client(stand.port) as client:
        reply = client.get(stand.path(_NAME))
    return took, reply.ok and json.loads(reply.body) == {"version": number}


def _row(beside: str, published: list[tuple[float, bool]], under: Load | None) -> list[str]:
    times = [took for took, _ in published]
    stale = sum(not fresh for _, fresh in published)
    requests = ["", ""] if under is None else [f"{under.requests:,}", f"**{under.failed:,}**"]
    return [
        beside,
        f"{statistics.median(times):.0f}",
        f"{max(times):.0f}",
        f"{stale} of {len(times)}",
        *requests,
    ]
