"""Single requests, each with its time: for what a closed loop of many would hide."""

import contextlib
import http.client
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` is 0 when the connection broke. Milliseconds."""

    status: int
    body: bytes
    ms: float

    @property
    def ok(self) -> bool:
        return self.status == 200


class Client:
    """One kept connection, one request at a time."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def __enter__(self) -> Self:
        self._connection.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def get(self, path: str, *, since: float | None = None) -> Reply:
        """`since` is when it should have been sent, on time.perf_counter()'s clock: waiting in line counts."""
        began = time.perf_counter() if since is None else since
        try:
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            status, body = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            status, body = 0, b""
        return Reply(status, body, (time.perf_counter() - began) * 1000)


def paced(port: int, path: str, *, rate: int, seconds: float) -> list[Reply]:
    """At an even pace whatever the answers do, so that a slow one makes those behind it late as well."""
    with Client(port) as client:
        began = time.perf_counter()
        replies = []
        for number in range(int(rate * seconds)):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            replies.append(client.get(path, since=due))
        return replies


@contextlib.contextmanager
def besieged(port: int, path: str, *, callers: int) -> Iterator[None]:
    """Meanwhile so many call it, each again as soon as it has an answer of whatever kind."""
    over = threading.Event()

    def call() -> None:
        with Client(port) as client:
            while not over.is_set():
                if not client.get(path).ok:
                    over.wait(0.01)  # a refusal costs us more than the server

    with running([call] * callers):
        try:
            yield
        finally:
            over.set()


@contextlib.contextmanager
def running(works: Sequence[Callable[[], None]]) -> Iterator[None]:
    """Each in a thread of its own; the end waits for theirs."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
