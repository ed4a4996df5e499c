"""What it costs a node that secrets are taken out of log lines: lines a second of a processor with few and with many."""

import itertools
import json
import secrets
import statistics
import time
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from bench.report import Outcome, markdown
from executor.contract import Limits
from executor.logs.collector import Collector
from executor.logs.record import Origin
from executor.redaction import Redactor

TITLE = "Redaction"
_COUNTS = (0, 5, 50)
_LINES = 20_000
_LOG = 4
_LIMITS = Limits(log_lines=10**9, log_bytes=10**12)
# Of a value that the hostile line begins again and again.
_HOSTILE = "a" * 400 + "b"


def run(_data: Path, *, rounds: int) -> Outcome:
    known = {f"KEY_{number}": secrets.token_urlsafe(32) for number in range(max(_COUNTS))}
    plain = _framed(f"GET /orders/48151623 for customer 42 took 12 ms, cache miss, {secrets.token_hex(16)}")
    telling = _framed(f"calling https://api.example.com/v1/charges?key={known['KEY_0']}")
    hostile = _framed("a" * 16_000)
    kinds = {
        "100 characters, no value in it": (plain, _LINES),
        "100 characters, a value in it": (telling, _LINES),
        "16,000 characters that nearly hold one": (hostile, _LINES // 100),
    }
    rates: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _ in range(rounds):
        for (kind, (line, count)), many in itertools.product(kinds.items(), _COUNTS):
            some = dict(list(known.items())[:many])
            if many:
                some["LONG"] = _HOSTILE
            rates[kind, many].append(_rate(line, count, some))
    rows = [_row(kind, many, rates) for kind in kinds for many in _COUNTS]
    return Outcome(markdown(["line", "secrets", "lines/s", "ratio to none", "spread"], rows))


def _rate(line: bytes, count: int, some: dict[str, str]) -> float:
    taken: list[object] = []
    still = SimpleNamespace(time=lambda: 0.0)
    collector = Collector(cast("Any", still), taken.append)
    collector.bind(Origin("acme", "hello", "v1"), _LIMITS, Redactor(some))
    pipe = collector.pipes()[_LOG]
    pipe.data_received(line)
    began = time.process_time()
    for _ in range(count // 100):
        pipe.data_received(line * 100)
    return len(taken) / (time.process_time() - began)


def _framed(text: str) -> bytes:
    return json.dumps({"t": 1, "l": "info", "i": "1.1", "m": text}).encode() + b"\n"


def _row(kind: str, many: int, rates: dict[tuple[str, int], list[float]]) -> list[str]:
    ratios = [one / none for one, none in zip(rates[kind, many], rates[kind, 0], strict=True)]
    return [
        kind,
        str(many),
        f"{statistics.median(rates[kind, many]):,.0f}",
        f"**{statistics.median(ratios):.2f}**",
        f"{min(ratios):.2f} – {max(ratios):.2f}",
    ]
