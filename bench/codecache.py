"""What V8's code cache would save: compiling a webtask from its text, and from a cache that came along with it."""

import asyncio
import subprocess
from pathlib import Path

from bench.report import Outcome, markdown
from bench.rounds import Comparison, alternate
from executor.contract import Limits
from executor.runtimes import node

TITLE = "The code cache"
_PROGRAM = Path(__file__).parent / "compile.js"
_SIZES = {"1 KB": 1_000, "10 KB": 10_000, "100 KB": 100_000, "1 MB": 1_000_000}


def run(data: Path, *, rounds: int) -> Outcome:
    """The table. Each measure is a process of its own."""
    rows = []
    for name, size in _SIZES.items():
        cache = data / f"{size}.cache"
        weight = _node("make", size, cache)
        comparison = asyncio.run(_measure(name, size, cache, rounds=3 * rounds))
        rows.append([*comparison.row(), f"{weight / 1000:,.0f} KB"])
    return Outcome(
        markdown(["code", "with the cache", "from its text", "ratio", "spread", "size of the cache"], rows)
    )


async def _measure(name: str, size: int, cache: Path, *, rounds: int) -> Comparison:
    async def cached() -> float:
        return _node("cached", size, cache)

    async def cold() -> float:
        return _node("cold", size, cache)

    return await alternate(name, "µs", cached, cold, rounds=rounds)


def _node(kind: str, size: int, cache: Path) -> float:
    # As a worker is started: V8 takes no cache that was made with other flags.
    flags = node.flags(Limits().memory_bytes)
    command = [str(node.binary()), *flags, str(_PROGRAM), kind, str(size), str(cache)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(ran.stdout)
