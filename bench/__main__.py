"""`python -m bench [name …]`: measures, prints the tables, writes them into docs/benchmarks.md."""

import argparse
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import (
    adhoc,
    codecache,
    egress,
    first,
    growth,
    memory,
    neighbour,
    peers,
    publish,
    redaction,
    report,
    walls,
    warm,
    workspace,
)
from executor.runtimes import node

BENCHES = {
    "warm": warm,
    "first": first,
    "adhoc": adhoc,
    "publish": publish,
    "memory": memory,
    "neighbour": neighbour,
    "growth": growth,
    "walls": walls,
    "egress": egress,
    "codecache": codecache,
    "redaction": redaction,
    "workspace": workspace,
}


GOALS = "goals"


def run(name: str, *, rounds: int, write: bool) -> Sequence[report.Figure]:
    bench = BENCHES[name]
    with tempfile.TemporaryDirectory(prefix="webtasks-bench-") as data:
        outcome: report.Outcome = bench.run(Path(data), rounds=rounds)
    tell(name, bench.TITLE, outcome.body, write=write)
    return outcome.figures


def tell(name: str, title: str, body: str, *, write: bool) -> None:
    print(f"{title}\n\n{body}\n", flush=True)
    if write:
        report.replace(name, body)


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="which; all when none is named")
    parser.add_argument("--rounds", type=int, default=7, help="pairs of measurements a figure (7)")
    parser.add_argument("--dry", action="store_true", help="leave docs/benchmarks.md as it is")
    arguments = parser.parse_args()
    figures: list[report.Figure] = []
    for name in arguments.names or BENCHES:
        figures += run(name, rounds=arguments.rounds, write=not arguments.dry)
    if arguments.names:
        return  # half a table of goals would look like a whole one
    table = report.markdown(["what", "goal", "measured", "met"], [figure.row() for figure in figures])
    tell(GOALS, "Goals", f"{table}\n\n{versions()}", write=not arguments.dry)


def versions() -> str:
    names = ("workerd", "deno", "@google-cloud/functions-framework", "webtask-runtime", "express")
    told = [f"{name} {peers.version(name)}" for name in names]
    plain = subprocess.run([str(node.binary()), "--version"], check=True, capture_output=True, text=True)
    return f"Measured beside Node {plain.stdout.strip()}, {', '.join(told)}."


if __name__ == "__main__":
    main()
