"""Ad-hoc code of a team that is warm: snippets nobody has seen before, beside one that is posted again and again."""

import statistics
from pathlib import Path

from bench.load import Load, load
from bench.report import Figure, Outcome, markdown
from bench.stand import TEAM, Stand, standing

TITLE = "Ad-hoc code"
_SCRIPT = Path(__file__).parent / "adhoc.lua"
_SECONDS = 3


def run(data: Path, *, rounds: int) -> Outcome:
    """The table."""
    taken: dict[tuple[str, int], list[Load]] = {
        (kind, connections): [] for connections in (1, 16) for kind in ("unseen", "known")
    }
    with standing(data) as stand:
        _post(stand, "known", 1)
        for _ in range(rounds):
            for (kind, connections), loads in taken.items():
                loads.append(_post(stand, kind, connections))
    head = ["code", "connections", "requests/s", "spread", "p50, ms", "p99, ms", "failed"]
    table = markdown(head, [_row(kind, connections, loads) for (kind, connections), loads in taken.items()])
    p50 = statistics.median(each.p50 for each in taken["unseen", 1]) / 1000
    rate = statistics.median(each.rate for each in taken["unseen", 16])
    return Outcome(
        table,
        [
            Figure("unseen ad-hoc code, team warm: p50", "≤ 3 ms", f"{p50:.1f} ms", p50 <= 3),
            Figure("the same at 16 connections", "≥ 1,000/s", f"{rate:,.0f}/s", rate >= 1000),
        ],
    )


def _post(stand: Stand, kind: str, connections: int) -> Load:
    headers = {
        "authorization": f"Bearer {stand.stack.token}",
        "content-type": "application/x-www-form-urlencoded",
    }
    url = f"http://127.0.0.1:{stand.port}/api/run/{TEAM}"
    return load(
        url, connections=connections, seconds=_SECONDS, headers=headers, script=_SCRIPT, arguments=(kind,)
    )


def _row(kind: str, connections: int, loads: list[Load]) -> list[str]:
    rates = [each.rate for each in loads]
    return [
        kind,
        str(connections),
        f"**{statistics.median(rates):,.0f}**",
        f"{min(rates):,.0f} – {max(rates):,.0f}",
        f"{statistics.median(each.p50 for each in loads) / 1000:.2f}",
        f"{statistics.median(each.p99 for each in loads) / 1000:.1f}",
        f"{sum(each.failed for each in loads):,} of {sum(each.requests for each in loads):,}",
    ]
