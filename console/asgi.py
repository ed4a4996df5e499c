"""The console as one ASGI application: pages and API through WSGI threads, websockets through Channels."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import FileWrapper

from a2wsgi import WSGIMiddleware
from channels.routing import URLRouter  # type: ignore[import-untyped]
from django.core.wsgi import get_wsgi_application

# Sets Django up; what follows imports models.
_wsgi = get_wsgi_application()

from django.urls import path, re_path  # noqa: E402

from console.live.link import Link  # noqa: E402
from console.live.nowhere import Nowhere  # noqa: E402
from console.live.origins import OwnPages  # noqa: E402
from console.live.stream import PREFIX, logs  # noqa: E402
from console.live.tail import Tail  # noqa: E402
from console.webtasks import events  # noqa: E402
from executor.contract import CALL_PATH, INTERNAL_PREFIX, LINK_PATH  # noqa: E402

FILE_BLOCK = 256 * 1024


def _with_file_wrapper(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    # Each block costs a hop between thread and loop: Django's own 4 KiB make a page of scripts slow.
    environ["wsgi.file_wrapper"] = lambda file, _: FileWrapper(file, FILE_BLOCK)
    return _wsgi(environ, start_response)


class Console:
    """Six pools, so that none can starve another: a Run waits in its thread for the executor, which to answer
    it asks `/internal/`, and whose code may call as often as it likes; who publishes waits for packages, while people
    go on reading pages."""

    def __init__(self) -> None:
        self._pages = _pool(8)
        self._runs = _pool(8)
        self._publishing = _pool(8)
        self._internal = _pool(4)
        self._calls = _pool(8)
        # As long as whoever downloads takes to read.
        self._exports = _pool(2)
        self._websockets = URLRouter(
            [
                path("ws/", OwnPages(Tail.as_asgi())),  # type: ignore[arg-type]  # an ASGI application
                path(LINK_PATH.removeprefix("/"), Link.as_asgi()),
                re_path(r"", Nowhere.as_asgi()),
            ]
        )

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await self._websockets(scope, receive, send)
        elif scope["path"].startswith(PREFIX):
            await logs(scope, receive, send)
        else:
            await self._pool_for(scope)(scope, receive, send)

    def _pool_for(self, scope: dict[str, Any]) -> Any:
        if scope["path"] == CALL_PATH:
            return self._calls
        if scope["path"].startswith(INTERNAL_PREFIX):
            return self._internal
        if scope["method"] == "POST" and scope["path"].endswith("/run"):
            return self._runs
        if scope["path"].endswith("/audit/export"):
            return self._exports
        return self._publishing if _publishes(scope["method"], scope["path"]) else self._pages


def _publishes(method: str, path: str) -> bool:
    if method == "DELETE":
        return path.startswith(("/api/cache/", "/api/webtask/"))
    if method == "PUT":
        return bool(path.startswith("/api/webtask/")) and not path.endswith("/data")
    return method == "POST" and path.endswith(("/publish", "/restore", "/api/tokens/issue", "/new"))


def _pool(threads: int) -> Any:
    return WSGIMiddleware(_with_file_wrapper, workers=threads)  # type: ignore[arg-type]  # PEP 3333 is looser


async def _live(receive: Any, send: Any) -> None:
    await receive()
    events.attach(asyncio.get_running_loop())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    events.attach(None)
    await send({"type": "lifespan.shutdown.complete"})


application = Console()
