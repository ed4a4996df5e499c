"""A connection that waits for its next request is closed in the end, and not before its time."""

import asyncio
import contextlib
import socket
from types import SimpleNamespace

import pytest
import uvicorn

from executor.edge.protocol import EdgeProtocol
from executor.edge.proxies import Proxies

REQUEST = b"GET /internal/none HTTP/1.1\r\nHost: localhost\r\n\r\n"
LIMIT = 30.0


class App(SimpleNamespace):
    async def __call__(self, scope, receive, send):
        raise NotImplementedError


async def converse(*parts: bytes | float) -> bytes:
    """All that an edge that waits for a second says. Of `parts` bytes are sent, and numbers are pauses in seconds."""
    app = App(proxies=Proxies(()), config=SimpleNamespace(domain="localhost", console_host="localhost"))
    config = uvicorn.Config(
        app,
        http=EdgeProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        proxy_headers=False,
        timeout_keep_alive=1,
    )
    config.load()
    state = uvicorn.Server(config).server_state
    loop = asyncio.get_running_loop()
    listener = socket.create_server(("127.0.0.1", 0))
    server = await loop.create_server(
        lambda: EdgeProtocol(config=config, server_state=state, app_state={}, _loop=loop), sock=listener
    )
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    async with asyncio.timeout(LIMIT):
        said = b""
        for part in parts:
            if isinstance(part, float):
                await asyncio.sleep(part)
                continue
            writer.write(part)
            for _ in range(part.count(b"\r\n\r\n")):
                said += await reader.readuntil(b"}")
        said += await reader.read()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    server.close()
    await server.wait_closed()
    return said


@pytest.mark.parametrize(
    "parts", [(REQUEST,), (REQUEST, REQUEST), (REQUEST * 3,)], ids=["one", "two", "pipelined"]
)
def test_an_idle_connection_is_closed_after_its_answers(background, parts):
    said = background.run(converse(*parts))
    assert said.count(b"HTTP/1.1 404 ") == b"".join(parts).count(b"GET")
    assert said.endswith(b"}")


def test_half_a_request_is_waited_for(background):
    """The timer that the request before it started fires in the middle of it."""
    waited = 1.5
    said = background.run(converse(REQUEST, REQUEST[:20], waited, REQUEST[20:]))
    assert said.count(b"HTTP/1.1 404 ") == 2
