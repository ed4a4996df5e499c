"""Load on a URL by wrk, Debian's HTTP load generator: closed loop, kept connections, one thread."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_REPORT = Path(__file__).parent / "report.lua"


@dataclass(frozen=True, slots=True)
class Load:
    """Times in microseconds. `failed` counts answers that were not 2xx and connections that broke."""

    requests: int
    rate: float
    p50: float
    p99: float
    failed: int


def load(
    url: str,
    *,
    connections: int,
    seconds: int,
    headers: Mapping[str, str] | None = None,
    script: Path = _REPORT,
    arguments: Sequence[str] = (),
) -> Load:
    """`script` makes the requests, given `arguments`, and reports as report.lua does.

    Raises FileNotFoundError without wrk, RuntimeError when nothing was answered.
    """
    given = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), *given, url]
    if arguments:
        command += ["--", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30)
    figures = json.loads(ran.stdout.splitlines()[-1])
    if not figures["requests"]:
        raise RuntimeError(f"{url} answered nothing: {ran.stdout}")
    requests = figures["requests"]
    return Load(requests, requests / figures["us"] * 1e6, figures["p50"], figures["p99"], figures["failed"])
