"""npm's webtask-runtime, unchanged, in a process of its own: the original's behaviour as far as it was published."""

import contextlib
import json
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path

import httpx

from executor.runtimes.node import binary
from tests.clients.differential.answers import Answer
from tests.clients.differential.case import CONTAINER, Case

_HERE = Path(__file__).parent
_PACKAGES = _HERE.parent / "published"


class Reference:
    def __init__(self, http: httpx.Client, ports: dict[str, int]) -> None:
        self._http = http
        self._ports = ports

    def run(self, case: Case) -> Answer:
        url = f"http://127.0.0.1:{self._ports[case.name]}{case.target}"
        for _ in range(case.times):
            answer = send(self._http, case, url)
        return answer


def send(http: httpx.Client, case: Case, url: str) -> Answer:
    request = http.build_request(case.method, url, headers=dict(case.headers), content=case.body or None)
    try:
        answer = http.send(request)
    except httpx.RemoteProtocolError:
        return Answer(0, {}, b"")
    return Answer(answer.status_code, answer.headers, answer.content)


@contextlib.contextmanager
def serving(cases: Collection[Case], place: Path) -> Iterator[Reference]:
    table = place / "cases.json"
    table.write_text(json.dumps([_described(case) for case in cases]))
    argv = [str(binary()), "--no-warnings", str(_HERE / "reference.js"), str(_PACKAGES), str(table)]
    with (
        # Babel looks for its presets in the folder it runs in.
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_PACKAGES) as process,
        httpx.Client(timeout=20) as http,
    ):
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        yield Reference(http, dict(zip((case.name for case in cases), ports, strict=True)))
        assert process.stdin is not None
        process.stdin.close()


def _described(case: Case) -> dict[str, object]:
    return {
        "code": case.code,
        "container": CONTAINER,
        "params": case.params,
        "secrets": case.secrets,
        "meta": case.meta,
        "pb": 2 if case.pb is None else case.pb,
        "mb": case.mb,
    }
