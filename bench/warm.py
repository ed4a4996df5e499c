"""A warm hello over HTTP, by us and by the peers: how much of plain Node's speed is left."""

import statistics
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from bench import peers
from bench.load import Load, load
from bench.report import markdown
from bench.stand import standing

TITLE = "Warm requests"
OURS = "Webtasks"
REFERENCE = "node:http"
_HELLO = "module.exports = (cb) => cb(null, { hello: 'world' });"
_MANY, _SECONDS = 64, 2
# Seven servers are asked twice a round; more rounds would take longer than anyone waits.
_MOST_ROUNDS = 5


def run(data: Path, *, rounds: int) -> str:
    """The table: every round asks each server in turn, and ratios are taken within a round."""
    peers.install()
    many: dict[str, list[Load]] = defaultdict(list)
    one: dict[str, list[Load]] = defaultdict(list)
    with ExitStack() as servers:
        urls = {name: servers.enter_context(peers.serving(name)) for name in peers.COMMANDS}
        stand = servers.enter_context(standing(data))
        stand.define({"bench": _HELLO})
        urls[OURS] = stand.url("bench")
        for url in urls.values():
            load(url, connections=_MANY, seconds=_SECONDS)
        for _ in range(min(rounds, _MOST_ROUNDS)):
            for name, url in urls.items():
                many[name].append(load(url, connections=_MANY, seconds=_SECONDS))
                one[name].append(load(url, connections=1, seconds=_SECONDS))
    rows = [_row(name, many, one) for name in sorted(urls, key=lambda name: name != OURS)]
    head = ["server", f"requests/s, {_MANY} connections", f"ratio to {REFERENCE}", "spread", "p99, ms"]
    return markdown([*head, "p50, 1 connection, µs", "added, µs", "failed"], rows)


def _row(name: str, many: dict[str, list[Load]], one: dict[str, list[Load]]) -> list[str]:
    ratios = [ours.rate / plain.rate for ours, plain in zip(many[name], many[REFERENCE], strict=True)]
    added = [ours.p50 - plain.p50 for ours, plain in zip(one[name], one[REFERENCE], strict=True)]
    return [
        name,
        f"{statistics.median(each.rate for each in many[name]):,.0f}",
        f"**{statistics.median(ratios):.2f}**",
        f"{min(ratios):.2f} – {max(ratios):.2f}",
        f"{statistics.median(each.p99 for each in many[name]) / 1000:.1f}",
        f"{statistics.median(each.p50 for each in one[name]):,.0f}",
        f"{statistics.median(added):+,.0f}",
        str(sum(each.failed for each in [*many[name], *one[name]])),
    ]
