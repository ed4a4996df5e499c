"""A warm hello over HTTP, by us and by the peers: how much of plain Node's speed is left."""

import statistics
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from bench import peers
from bench.load import Load, load
from bench.report import Figure, Outcome, markdown
from bench.stand import standing

TITLE = "Warm requests"
OURS = "Webtasks"
REFERENCE = "node:http"
# So many times their requests a second.
GOALS = {REFERENCE: 0.5, "workerd": 1.5, "webtask-runtime": 5, "functions-framework": 5}
_HELLO = "module.exports = (cb) => cb(null, { hello: 'world' });"
# The peer's (peers/plain.js), at its own path.
EXPRESS = "Express in a webtask"
_EXPRESS = """
const app = require("express")();
app.get("/api/run/acme/express", (request, response) => response.json({ hello: "world" }));
module.exports = (ctx, req, res) => app(req, res);
"""
_MANY, _SECONDS = 64, 2
# Seven servers are asked twice a round; more rounds would take longer than anyone waits.
_MOST_ROUNDS = 5


def run(data: Path, *, rounds: int) -> Outcome:
    """The table: every round asks each server in turn, and ratios are taken within a round."""
    peers.install()
    many: dict[str, list[Load]] = defaultdict(list)
    one: dict[str, list[Load]] = defaultdict(list)
    with ExitStack() as servers:
        urls = {name: servers.enter_context(peers.serving(name)) for name in peers.COMMANDS}
        stand = servers.enter_context(standing(data))
        stand.define({"bench": _HELLO, "express": _EXPRESS})
        urls[OURS], urls[EXPRESS] = stand.url("bench"), stand.url("express")
        for url in urls.values():
            load(url, connections=_MANY, seconds=_SECONDS)
        for _ in range(min(rounds, _MOST_ROUNDS)):
            for name, url in urls.items():
                many[name].append(load(url, connections=_MANY, seconds=_SECONDS))
                one[name].append(load(url, connections=1, seconds=_SECONDS))
    rows = [_row(name, many, one) for name in sorted(urls, key=lambda name: name != OURS)]
    head = ["server", f"requests/s, {_MANY} connections", f"ratio to {REFERENCE}", "spread", "p99, ms"]
    table = markdown([*head, "p50, 1 connection, µs", "added, µs", "failed"], rows)
    added = statistics.median(_added(one[OURS], one[REFERENCE]))
    figures = [_figure(OURS, peer, least, many) for peer, least in GOALS.items()]
    slower = Figure(
        "the same, 1 connection: p50 added to plain Node", "≤ 150 µs", f"{added:.0f} µs", added <= 150
    )
    return Outcome(table, [*figures, slower, _figure(EXPRESS, "Express", 0.9, many)])


def _figure(name: str, peer: str, least: float, many: dict[str, list[Load]]) -> Figure:
    ratio = statistics.median(_ratios(many[name], many[peer]))
    what = f"{'warm hello' if name == OURS else name}, {_MANY} connections, against {peer}"
    return Figure(what, f"≥ {least}", f"{ratio:.2f}", ratio >= least)


def _ratios(ours: list[Load], theirs: list[Load]) -> list[float]:
    return [mine.rate / its.rate for mine, its in zip(ours, theirs, strict=True)]


def _added(ours: list[Load], theirs: list[Load]) -> list[float]:
    return [mine.p50 - its.p50 for mine, its in zip(ours, theirs, strict=True)]


def _row(name: str, many: dict[str, list[Load]], one: dict[str, list[Load]]) -> list[str]:
    ratios = _ratios(many[name], many[REFERENCE])
    added = _added(one[name], one[REFERENCE])
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
