"""The first request to a webtask that never ran, while a blank worker waits; beside it what a bare Node takes.

Published ones are what the executor has heard of by its link; the others were put into the database behind its back,
as all are to an executor that has just started: it must ask first.
"""

import statistics
import subprocess
import time
from pathlib import Path

from bench.client import Client, Reply, quantile
from bench.report import Figure, Outcome, markdown
from bench.stand import standing
from executor.runtimes import node
from tests.stack import Member

TITLE = "First requests"
_HELLO = "module.exports = (cb) => cb(null, { hello: 'world' });"
EACH_ROUND = 15
# The pool makes the next worker in a tenth of it.
_BREATH = 0.35


def run(data: Path, *, rounds: int) -> Outcome:
    """The table."""
    published: list[Reply] = []
    unheard: list[Reply] = []
    seconds: list[Reply] = []
    bare: list[float] = []
    count = rounds * EACH_ROUND
    with standing(data, WEBTASKS_POOL_SIZE="4") as stand:
        stand.define({"unheard": _HELLO}, count=count + 1)
        with Member(stand.stack, stand.stack.email, stand.stack.password) as owner:
            for number in range(count):
                owner.publish(f"published{number}", _HELLO)
        with Client(stand.port) as client:
            client.get(stand.path(f"unheard{count}"))
            for number in range(count):
                published.append(_rested(client, stand.path(f"published{number}")))
                unheard.append(_rested(client, stand.path(f"unheard{number}")))
                seconds.append(client.get(stand.path(f"published{number}")))
                bare.append(_bare())
    assert all(reply.ok for reply in seconds)
    failed = sum(not reply.ok for reply in published + unheard)
    times = {
        "the first request to a published webtask": [reply.ms for reply in published],
        "the same, where the executor has not heard of it": [reply.ms for reply in unheard],
        "the same webtask's second request": [reply.ms for reply in seconds],
        "a bare Node process, until it printed something": bare,
    }
    rows = [_row(name, values) for name, values in times.items()]
    table = markdown(["what", "p50, ms", "p99, ms", "longest, ms"], rows)
    told = f"{len(published)} webtasks of either kind, {failed} of their first requests failed."
    return Outcome(f"{table}\n\n{told}", _figures([reply.ms for reply in published]))


def _rested(client: Client, path: str) -> Reply:
    """When the pool has had the time to make its next worker."""
    time.sleep(_BREATH)
    return client.get(path)


def _figures(times: list[float]) -> list[Figure]:
    p50, p99 = statistics.median(times), quantile(times, 0.99)
    what = "first request to a published webtask that never ran"
    return [
        Figure(f"{what}: p50", "≤ 5 ms", f"{p50:.1f} ms", p50 <= 5),
        Figure(f"{what}: p99", "≤ 15 ms", f"{p99:.1f} ms", p99 <= 15),
    ]


def _row(name: str, values: list[float]) -> list[str]:
    figures = (statistics.median(values), quantile(values, 0.99), max(values))
    return [name, *(f"{figure:.1f}" for figure in figures)]


def _bare() -> float:
    began = time.perf_counter()
    subprocess.run([str(node.binary()), "-e", "console.log(1)"], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000
