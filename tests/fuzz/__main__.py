"""`python -m tests.fuzz TARGET SECONDS [CORPUS…]`: one target, until the time is over or something breaks.

atheris (libFuzzer) leads the way where it is installed; on a Python it has no wheel for, plain mutation does.
Says at the end how many inputs it tried. What breaks a target is left in the working directory as crash-*.
"""

import contextlib
import importlib
import importlib.util
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LARGEST = 8192
# What makes a reader turn another way.
TOKENS = [b"\n", b"\0", b"\xff", b'"', b"{", b"[", b"}", b"]", b"\\ud800", b"1.1", b"\xc0\x0c", b"xn--", b"."]


def lead(atheris: Any, check: Callable[[bytes], None], seconds: int, corpus: list[str]) -> None:
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LARGEST}",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
    ]
    atheris.Setup(["fuzz", *options, *corpus], check)
    atheris.Fuzz()


def wander(check: Callable[[bytes], None], seconds: int, corpus: list[str]) -> None:
    known = [path.read_bytes() for folder in corpus for path in sorted(Path(folder).iterdir())] or [b""]
    chance = random.Random(0)
    end, tried = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = known[tried] if tried < len(known) else mutated(chance, chance.choice(known))
        try:
            check(data)
        except BaseException:
            Path("crash-plain").write_bytes(data)
            raise
        tried += 1
    sys.stderr.write(f"stat::number_of_executed_units: {tried}\n")


def mutated(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) + 1)
        cut = at + chance.choice((0, 0, 1, 2, 8, 64))
        token = chance.choice(TOKENS) * chance.choice((1, 1, 1, 2000))
        data = (data[:at] + chance.choice((token, chance.randbytes(chance.randrange(9)))) + data[cut:])[
            :LARGEST
        ]
    return data


def main() -> None:
    name, seconds, *corpus = sys.argv[1:]
    atheris = importlib.import_module("atheris") if importlib.util.find_spec("atheris") else None
    with atheris.instrument_imports(include=["executor"]) if atheris else contextlib.nullcontext():
        targets = importlib.import_module("tests.fuzz.targets")
    if atheris is None:
        wander(targets.TARGETS[name], int(seconds), corpus)
    else:
        lead(atheris, targets.TARGETS[name], int(seconds), corpus)


if __name__ == "__main__":
    main()
