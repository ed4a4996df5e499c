"""A hostile neighbour of each kind: what another team's callers notice of it on the same executor."""

import itertools
import statistics
from collections import defaultdict
from pathlib import Path

from bench.client import Reply, besieged, paced, quantile
from bench.report import Figure, Outcome, markdown
from bench.stand import Stand, standing

TITLE = "Hostile neighbours"
_HELLO = "module.exports = (cb) => cb(null, { hello: 'world' });"
_HOSTILE = {
    "loop": "module.exports = (cb) => { for (;;); };",
    "heap-bomb": "module.exports = (cb) => { const kept = []; for (;;) kept.push(new Array(10000).fill({})); };",
    "buffer-bomb": "module.exports = (cb) => { const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1)); };",
    "forks": """
const { spawn } = require("node:child_process");
module.exports = (cb) => {
  for (let i = 0; i < 200; i++) try { spawn("/bin/node").on("error", () => {}); } catch {}
  cb(null, {});
};""",
    "descriptors": """
const fs = require("node:fs");
module.exports = (cb) => {
  const kept = [];
  for (let i = 0; i < 2000; i++) try { kept.push(fs.openSync(".", "r")); } catch {}
  for (const one of kept) fs.closeSync(one);
  cb(null, {});
};""",
    "disk": """
const fs = require("node:fs"), path = require("node:path");
const text = Buffer.alloc(1 << 20, 1);
module.exports = (cb) => {
  for (let i = 0; i < 32; i++) try { fs.writeFileSync(path.join(process.env.TMPDIR, `${i}`), text); } catch {}
  cb(null, {});
};""",
    "log-flood": """
const text = "x".repeat(1000);
module.exports = (cb) => { for (let i = 0; i < 20000; i++) console.log(text); cb(null, {}); };""",
}
CALLERS = 4
_RATE, _ALONE, _BESIDE = 100, 2.0, 4.0
# More would take longer than anyone waits: seven kinds, each alone and beside.
_MOST_ROUNDS = 3


def run(data: Path, *, rounds: int) -> Outcome:
    """The table: each measure beside a neighbour comes right after one without."""
    alone: dict[str, list[list[Reply]]] = defaultdict(list)
    beside: dict[str, list[list[Reply]]] = defaultdict(list)
    with standing(data) as stand:
        stand.define({"quiet": _HELLO})
        stand.define(_HOSTILE, team="mallory")
        paced(stand.port, stand.path("quiet"), rate=_RATE, seconds=_ALONE)
        for _ in range(min(rounds, _MOST_ROUNDS)):
            for kind in _HOSTILE:
                alone[kind].append(paced(stand.port, stand.path("quiet"), rate=_RATE, seconds=_ALONE))
                beside[kind].append(_beside(stand, kind))
    head = ["neighbour", "answered", "p50, ms", "p99, ms", "alone: p50", "p99", "ratio of p99", "spread"]
    table = markdown(head, [_row(kind, beside[kind], alone[kind]) for kind in _HOSTILE])
    answered = [reply.ok for rounds_ in beside.values() for replies in rounds_ for reply in replies]
    share = sum(answered) / len(answered)
    worst = {kind: statistics.median(_ratios(beside[kind], alone[kind])) for kind in _HOSTILE}
    within = [kind for kind, ratio in worst.items() if ratio <= 2]
    return Outcome(
        table,
        [
            Figure("beside a hostile neighbour: answered", "100 %", f"{share:.1%}", all(answered)),
            Figure(
                "the same: p99 against alone",
                "≤ 2",
                f"{max(worst.values()):.1f} at worst, {len(within)} of {len(worst)} kinds within",
                len(within) == len(worst),
            ),
        ],
    )


def _beside(stand: Stand, kind: str) -> list[Reply]:
    with besieged(stand.port, stand.path(kind, "mallory"), callers=CALLERS):
        return paced(stand.port, stand.path("quiet"), rate=_RATE, seconds=_BESIDE)


def _row(kind: str, beside: list[list[Reply]], alone: list[list[Reply]]) -> list[str]:
    answered = [reply.ok for replies in beside for reply in replies]
    ratios = _ratios(beside, alone)
    figures = [
        _p(share, list(itertools.chain(*replies))) for replies in (beside, alone) for share in (0.5, 0.99)
    ]
    return [
        kind.replace("-", " "),
        f"**{sum(answered) / len(answered):.1%}**",
        *(f"{figure:.1f}" for figure in figures),
        f"**{statistics.median(ratios):.1f}**",
        f"{min(ratios):.1f} – {max(ratios):.1f}",
    ]


def _ratios(beside: list[list[Reply]], alone: list[list[Reply]]) -> list[float]:
    return [_p(0.99, one) / _p(0.99, other) for one, other in zip(beside, alone, strict=True)]


def _p(share: float, replies: list[Reply]) -> float:
    return quantile([reply.ms for reply in replies], share)
