"""A WebSocket of the console's: after the request's head, bytes pass both ways unread."""

import asyncio
from typing import Any, cast

from executor.edge.relay import Upstream, forwarded_head
from executor.edge.request import Request

_tasks: set["asyncio.Task[None]"] = set()


class Half(asyncio.Protocol):
    """Writes what it receives to the other half, at the other half's pace."""

    def __init__(self, connections: set[Any]) -> None:
        self.other: Half | None = None
        self.transport: asyncio.Transport | None = None
        self._connections = connections

    def shutdown(self) -> None:
        """uvicorn calls this on every open connection when it begins to stop."""
        if self.transport is not None:
            self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.write(data)

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()
        self.other = None
        self._connections.discard(self)


def splice(
    upstream: Upstream, client: asyncio.Transport, request: Request, rest: bytes, *, connections: set[Any]
) -> None:
    """Hands the client's connection over. Nothing is read from it until the console is there.

    `connections` is uvicorn's set of what it must shut down; the client's half joins it.
    """
    client.pause_reading()
    ours, theirs = Half(connections), Half(connections)
    ours.other, theirs.other = theirs, ours
    ours.transport = client
    connections.add(ours)
    client.set_protocol(ours)
    head = forwarded_head(request, [("Connection", "Upgrade"), ("Upgrade", "websocket")])
    task = asyncio.get_running_loop().create_task(_join(upstream, client, theirs, head + rest))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _join(upstream: Upstream, client: asyncio.Transport, theirs: Half, first: bytes) -> None:
    try:
        console = await upstream.connect(theirs)
    except OSError:
        client.write(b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        client.close()
        return
    console.write(first)
    client.resume_reading()
