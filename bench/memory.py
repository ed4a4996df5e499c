"""What live webtasks take of the memory, and how many requests meet one when there are more than fit."""

import itertools
import random
import re
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.client import Client, running
from bench.report import Figure, Outcome, markdown
from bench.stand import Stand, standing

TITLE = "Memory"
_CODE = "let calls = 0; module.exports = (cb) => cb(null, { first: calls++ === 0 });"
DEFINED, LIVE, MOST = 1000, 30, 160
_CALLERS, _SECONDS = 4, 60.0
_WARMING = 40.0
_MEBIBYTE = 1 << 20


def run(data: Path, *, rounds: int) -> Outcome:
    """Two tables. One round: it is the time in it that matters."""
    del rounds
    with standing(data / "few") as stand:
        idle = _idle(stand)
    with standing(data / "many", WEBTASKS_MAX_WORKERS=str(MOST)) as stand:
        traffic = _traffic(stand)
    return Outcome(f"{idle.body}\n\n{traffic.body}", [*idle.figures, *traffic.figures])


def _idle(stand: Stand) -> Outcome:
    blank = [_pss(pid) for pid in stand.workers()]
    stand.define({"live": _CODE}, count=LIVE)
    with Client(stand.port) as client:
        for number in range(LIVE):
            for _ in range(3):
                assert client.get(stand.path(f"live{number}")).ok
    live = [_pss(pid) for pid in stand.workers()]  # and two blank ones, which the median does not see
    rows = [
        [f"one of {len(blank)} blank workers", f"{statistics.median(blank):.1f}", f"{max(blank):.1f}"],
        [f"one of {LIVE} live webtasks", f"**{statistics.median(live):.1f}**", f"{max(live):.1f}"],
    ]
    each = statistics.median(live)
    figure = Figure(
        "idle memory of a live webtask (PSS)", "≤ 12 MB", f"{each:.1f} MiB", each * _MEBIBYTE <= 12e6
    )
    return Outcome(markdown(["idle", "PSS, MiB", "largest"], rows), [figure])


@dataclass
class Traffic:
    """Zipf's law: the nth most popular webtask gets an nth of the requests of the first."""

    stand: Stand
    warm: int = 0
    cold: int = 0
    failed: int = 0
    counting: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call_until(self, end: float) -> None:
        weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(DEFINED)))
        chance = random.Random()  # noqa: S311 - which webtask is called next
        with Client(self.stand.port) as client:
            while time.monotonic() < end:
                rank = chance.choices(range(DEFINED), cum_weights=weights)[0]
                reply = client.get(self.stand.path(f"zipf{rank}"))
                self._count(b'"first":true' in reply.body, ok=reply.ok)

    def _count(self, first: bool, *, ok: bool) -> None:
        with self._lock:
            if self.counting:
                self.failed += not ok
                self.cold += ok and first
                self.warm += ok and not first


def _traffic(stand: Stand) -> Outcome:
    stand.define({"zipf": _CODE}, count=DEFINED)
    traffic = Traffic(stand)
    end = time.monotonic() + _WARMING + _SECONDS
    with running([lambda: traffic.call_until(end)] * _CALLERS):
        time.sleep(_WARMING)
        traffic.counting = True
    workers = stand.workers()
    answered = traffic.warm + traffic.cold
    total = sum(map(_pss, workers)) / 1024
    row = [
        f"{answered:,}",
        f"{len(workers)}",
        f"**{traffic.warm / max(answered, 1):.1%}**",
        f"**{total:.2f}**",
        f"{traffic.failed}",
    ]
    warm = traffic.warm / max(answered, 1)
    table = markdown(["requests", "workers at the end", "met a live one", "their PSS, GiB", "failed"], [row])
    figure = Figure(
        "1,000 webtasks with zipf traffic: warm hits",
        "≥ 95 % in ≤ 2 GB",
        f"{warm:.0%} in {total:.2f} GiB",
        warm >= 0.95 and total * 1024 * _MEBIBYTE <= 2e9,
    )
    return Outcome(table, [figure])


def _pss(pid: int) -> float:
    """MiB; shared pages count by the share of each process that has them."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found
    return int(found.group(1)) * 1024 / _MEBIBYTE
