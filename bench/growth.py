"""What it costs that many webtasks are defined: the same request where there are few and where there are many."""

import contextlib
import statistics
from collections import defaultdict
from pathlib import Path

from bench.load import Load, load
from bench.report import Figure, Outcome, markdown
from bench.stand import Stand, standing

TITLE = "Growth"
_HELLO = "module.exports = (cb) => cb(null, { hello: 'world' });"
DEFINED = (1, 100, 10_000)
# What two runs of the same thing differ by.
FLAT = 0.9
_CONNECTIONS, _SECONDS = 16, 3


def run(data: Path, *, rounds: int) -> Outcome:
    """The table: every round asks each of the servers in turn."""
    loads: dict[int, list[Load]] = defaultdict(list)
    with contextlib.ExitStack() as servers:
        stands = {count: servers.enter_context(standing(data / str(count))) for count in DEFINED}
        for count, stand in stands.items():
            stand.define({"hello": _HELLO}, count=count)
            load(_url(stand, count), connections=_CONNECTIONS, seconds=_SECONDS)
        for _ in range(rounds):
            for count, stand in stands.items():
                loads[count].append(load(_url(stand, count), connections=_CONNECTIONS, seconds=_SECONDS))
    head = [
        "webtasks defined",
        "requests/s",
        f"ratio to {DEFINED[0]}",
        "spread",
        "p50, ms",
        "p99, ms",
        "failed",
    ]
    few, many = DEFINED[0], DEFINED[-1]
    ratio = statistics.median(_ratios(loads[many], loads[few]))
    figure = Figure(
        f"throughput with {many:,} webtasks defined, of that with {few}",
        "flat",
        f"{ratio:.2f}",
        ratio >= FLAT,
    )
    return Outcome(markdown(head, [_row(count, loads[count], loads[few]) for count in DEFINED]), [figure])


def _url(stand: Stand, count: int) -> str:
    return stand.url(f"hello{count - 1}")


def _ratios(loads: list[Load], reference: list[Load]) -> list[float]:
    return [many.rate / one.rate for many, one in zip(loads, reference, strict=True)]


def _row(count: int, loads: list[Load], reference: list[Load]) -> list[str]:
    ratios = _ratios(loads, reference)
    return [
        f"{count:,}",
        f"{statistics.median(each.rate for each in loads):,.0f}",
        f"**{statistics.median(ratios):.2f}**",
        f"{min(ratios):.2f} – {max(ratios):.2f}",
        f"{statistics.median(each.p50 for each in loads) / 1000:.2f}",
        f"{statistics.median(each.p99 for each in loads) / 1000:.1f}",
        str(sum(each.failed for each in loads)),
    ]
