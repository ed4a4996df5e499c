"""`python -m bench [name …]`: measures, prints the tables, writes them into docs/benchmarks.md."""

import argparse
import tempfile
from pathlib import Path

from bench import adhoc, codecache, egress, first, growth, memory, neighbour, publish, report, walls, warm

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
}


def run(name: str, *, rounds: int, write: bool) -> None:
    bench = BENCHES[name]
    with tempfile.TemporaryDirectory(prefix="webtasks-bench-") as data:
        body = bench.run(Path(data), rounds=rounds)
    print(f"{bench.TITLE}\n\n{body}\n")
    if write:
        report.replace(name, body)


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="which; all when none is named")
    parser.add_argument("--rounds", type=int, default=7, help="pairs of measurements a figure (7)")
    parser.add_argument("--dry", action="store_true", help="leave docs/benchmarks.md as it is")
    arguments = parser.parse_args()
    for name in arguments.names or BENCHES:
        run(name, rounds=arguments.rounds, write=not arguments.dry)


if __name__ == "__main__":
    main()
