"""Watching a webtask's log live, as the editor does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.stack import Member


@contextmanager
def watch(owner: Member, topic: str, *, since: int | None = None) -> Iterator[ClientConnection]:
    cookies = "; ".join(f"{name}={value}" for name, value in owner.http.cookies.items())
    url = owner.stack.url.replace("http", "ws") + "/ws/"
    with connect(url, additional_headers={"cookie": cookies}, origin=Origin(owner.stack.url)) as socket:
        socket.send(json.dumps({"t": "sub", "topic": topic, "since": since}))
        yield socket


def lines(socket: ClientConnection, count: int, *, invocation: str | None = None) -> list[dict[str, Any]]:
    """Reads until `count` lines (of the invocation, when given) have come."""
    got: list[dict[str, Any]] = []
    while len(got) < count:
        got += [line for line in _batch(socket) if invocation in (None, line["invocation"])]
    return got


def line_with(socket: ClientConnection, text: str) -> dict[str, Any]:
    """Reads until a line that contains `text` has come."""
    while True:
        for line in _batch(socket):
            if text in line["text"]:
                return line


def _batch(socket: ClientConnection) -> list[dict[str, Any]]:
    message = json.loads(socket.recv(timeout=20))
    return message["lines"] if message["t"] == "lines" else []
