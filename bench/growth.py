"""What it costs that many webtasks are defined: the same request where there are few and where there are many."""

import contextlib
import statistics
from collections import defaultdict
from pathlib import Path

from bench.load import Load, load
from bench.report import markdown
from bench.stand import Stand, standing

TITLE = "Growth"
_HELLO = "module.exports = (cb) => cb(null, { hello: 'world' });"
DEFINED = (1, 100, 10_000)
_CONNECTIONS, _SECONDS = 16, 3


def run(data: Path, *, rounds: int) -> str:
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
    return markdown(head, [_row(count, loads[count], loads[DEFINED[0]]) for count in DEFINED])


def _url(stand: Stand, count: int) -> str:
    return stand.url(f"hello{count - 1}")


def _row(count: int, loads: list[Load], reference: list[Load]) -> list[str]:
    ratios = [many.rate / one.rate for many, one in zip(loads, reference, strict=True)]
    return [
        f"{count:,}",
        f"{statistics.median(each.rate for each in loads):,.0f}",
        f"**{statistics.median(ratios):.2f}**",
        f"{min(ratios):.2f} – {max(ratios):.2f}",
        f"{statistics.median(each.p50 for each in loads) / 1000:.2f}",
        f"{statistics.median(each.p99 for each in loads) / 1000:.1f}",
        str(sum(each.failed for each in loads)),
    ]
