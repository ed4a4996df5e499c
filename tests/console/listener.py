"""The console as `serve` runs it, on a unix socket of its own, in a thread of the test."""

import asyncio
import json
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvloop
from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, unix_connect

from console.serve.server import Server

PATIENCE = 20


@dataclass
class Socket:
    """A websocket that speaks our JSON."""

    connection: ClientConnection
    closing: ExitStack

    def say(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self.connection.recv(timeout=PATIENCE))
        return heard

    def until(self, word: str) -> dict[str, Any]:
        """The next message of this kind; others are passed over."""
        while (heard := self.hear())["t"] != word:
            pass
        return heard

    def close_code(self) -> int:
        """With which the console closes the connection, saying nothing more."""
        with pytest.raises(ConnectionClosed) as closed:
            self.hear()
        assert closed.value.rcvd is not None
        return int(closed.value.rcvd.code)

    def close(self) -> None:
        self.closing.close()


@dataclass
class Listener:
    path: Path
    server: Server
    thread: threading.Thread

    @classmethod
    def start(cls, path: Path) -> "Listener":
        found: list[Server] = []
        up = threading.Event()

        async def serve() -> None:
            server = Server(path)
            found.append(server)
            serving = asyncio.create_task(server.serve())
            await server.up.wait()
            up.set()
            await serving

        thread = threading.Thread(target=lambda: uvloop.run(serve()), daemon=True)
        thread.start()
        assert up.wait(PATIENCE), "the console did not start"
        return cls(path, found[0], thread)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)

    def connect(self, path: str, **headers: str) -> Socket:
        origin: Any = headers.pop("origin", None)
        closing = ExitStack()
        uri = f"ws://localhost{path}"
        opening = unix_connect(
            str(self.path), uri, additional_headers=headers, origin=origin, compression=None
        )
        return Socket(closing.enter_context(opening), closing)

    def link(self, token: str | None = None) -> Socket:
        """As an executor connects."""
        return self.connect("/internal/link", authorization=f"Bearer {token or settings.NODE_TOKEN}")

    def tail_of_token(self, secret: str) -> Socket:
        """As a program connects: with no cookie, and from no page."""
        return self.connect("/ws/", authorization=f"Bearer {secret}")

    def tail(self, client: Client, origin: str | None = None) -> Socket:
        """As the browser in which `client` is signed in connects."""
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        return self.connect("/ws/", origin=origin or settings.CONSOLE_ORIGIN, cookie=f"other=1; {cookies}")
