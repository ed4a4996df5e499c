"""The first request to a webtask that never ran, while a blank worker waits; beside it what a bare Node takes."""

import statistics
import subprocess
import time
from pathlib import Path

from bench.client import Client, Reply, quantile
from bench.report import markdown
from bench.stand import standing
from executor.runtimes import node

TITLE = "First requests"
_HELLO = "module.exports = (cb) => cb(null, { hello: 'world' });"
EACH_ROUND = 15
# The pool makes the next worker in a tenth of it.
_BREATH = 0.35


def run(data: Path, *, rounds: int) -> str:
    """The table."""
    firsts: list[Reply] = []
    seconds: list[Reply] = []
    bare: list[float] = []
    with standing(data, WEBTASKS_POOL_SIZE="4") as stand:
        stand.define({"first": _HELLO}, count=rounds * EACH_ROUND + 1)
        with Client(stand.port) as client:
            client.get(stand.path(f"first{rounds * EACH_ROUND}"))
            for number in range(rounds * EACH_ROUND):
                time.sleep(_BREATH)
                firsts.append(client.get(stand.path(f"first{number}")))
                seconds.append(client.get(stand.path(f"first{number}")))
                bare.append(_bare())
    assert all(reply.ok for reply in seconds)
    failed = sum(not reply.ok for reply in firsts)
    times = {
        "Webtasks, first request": [reply.ms for reply in firsts],
        "the same webtask's second request": [reply.ms for reply in seconds],
        "a bare Node process, until it printed something": bare,
    }
    rows = [_row(name, values) for name, values in times.items()]
    return markdown(["what", "p50, ms", "p99, ms", "longest, ms"], rows) + (
        f"\n\n{len(firsts)} webtasks, {failed} of their first requests failed."
    )


def _row(name: str, values: list[float]) -> list[str]:
    figures = (statistics.median(values), quantile(values, 0.99), max(values))
    return [name, *(f"{figure:.1f}" for figure in figures)]


def _bare() -> float:
    began = time.perf_counter()
    subprocess.run([str(node.binary()), "-e", "console.log(1)"], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000
