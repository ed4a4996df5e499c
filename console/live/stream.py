"""The published clients' log stream: a long answer, as server-sent events or as lines of JSON."""

import asyncio
import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

from channels.db import database_sync_to_async  # type: ignore[import-untyped]
from channels.layers import get_channel_layer  # type: ignore[import-untyped]

from console.live.bunyan import Entry
from console.live.follow import Follow, Wish
from console.problems import Problem
from console.webtasks.events import WATCHERS, group_of_team
from executor.contract import TEAM_PATTERN

PREFIX = "/api/logs/"
_PATH = re.compile(rf"{PREFIX}tenant/({TEAM_PATTERN})/?")
# Also how often it is asked whether the token still stands, if nobody rings that it may not.
PULSE_SECONDS = 15.0
MAX_OF_TEAM = 20
MAX_OPEN = 500
CORS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"x-auth0-proxy-stats, x-auth0-stats, x-wt-response-source, location"),
)
PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"authorization"),
    (b"access-control-max-age", b"86400"),
)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_open: Counter[int] = Counter()
_choosing = ThreadPoolExecutor(2, "log-filter")


class _Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def logs(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application below PREFIX."""
    try:
        if scope["method"] == "OPTIONS":
            await _head(send, 204, *PREFLIGHT)
            await send({"type": "http.response.body"})
            return
        follow = await _open_follow(scope)
    except _Refused as refused:
        await _refuse(send, refused.status, refused.message)
        return
    _open[follow.team] += 1
    try:
        await Stream(scope, send, follow).run(receive)
    finally:
        _open[follow.team] -= 1
        if not _open[follow.team]:
            del _open[follow.team]


async def _open_follow(scope: dict[str, Any]) -> Follow:
    place = _PATH.fullmatch(scope["path"])
    if place is None:
        raise _Refused(404, "there is nothing here: the log stream is at /api/logs/tenant/CONTAINER")
    if scope["method"] not in {"GET", "HEAD"}:
        raise _Refused(405, "the log stream is read with GET")
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    try:
        wish = Wish.of(query)
        token = _credential(scope, query)
        follow: Follow = await database_sync_to_async(Follow.open)(place[1], token, wish)
    except Problem as problem:
        raise _Refused(problem.status, problem.detail) from None
    if _open[follow.team] >= MAX_OF_TEAM or _open.total() >= MAX_OPEN:
        raise _Refused(429, f"too many log streams are open: {MAX_OF_TEAM} of a container at most")
    return follow


def _credential(scope: dict[str, Any], query: dict[str, str]) -> str:
    header = _header(scope, b"authorization")
    if not header:
        return query.get("key", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _Refused(403, "rejecting request with unexpected Authorization header")
    return token.strip()


class Stream:
    """One answer. Each event is sent whole, in one piece that ends in two newlines: stock clients lose others."""

    def __init__(self, scope: dict[str, Any], send: Send, follow: Follow) -> None:
        self._send = send
        self._follow = follow
        self._left = follow.wish.most
        self._events = "text/event-stream" in _header(scope, b"accept")
        self._method = scope["method"]
        self._told_at = time.monotonic()
        self._allowed_at = self._told_at

    async def run(self, receive: Receive) -> None:
        kind = b"text/event-stream" if self._events else b"application/x-ndjson"
        caching = ((b"cache-control", b"no-cache, no-transform"), (b"x-accel-buffering", b"no"))
        await _head(self._send, 200, (b"content-type", kind), *caching)
        if self._method != "HEAD":
            await self._until_gone(receive)
        await self._send({"type": "http.response.body"})

    async def _until_gone(self, receive: Receive) -> None:
        if self._events:
            await self._say(b":connected\n\n")
        gone = asyncio.create_task(_disconnected(receive))
        telling = asyncio.create_task(self._tell())
        done, running = await asyncio.wait((gone, telling), return_when=asyncio.FIRST_COMPLETED)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for task in done:
            task.result()

    async def _tell(self) -> None:
        layer, group = get_channel_layer(), group_of_team(self._follow.team)
        channel = await layer.new_channel("logs")
        try:
            # Before the first read: a line stored in between rings, and rings once too often at worst.
            await self._join(layer, channel, group)
            while await self._catch_up():
                if not await self._wait(layer, channel):
                    return
                await self._join(layer, channel, group)  # a group forgets who was slow for a minute
        finally:
            for one in (group, WATCHERS):
                await layer.group_discard(one, channel)

    @staticmethod
    async def _join(layer: Any, channel: str, group: str) -> None:
        for one in (group, WATCHERS):
            await layer.group_add(one, channel)

    async def _catch_up(self) -> bool:
        """Whether there is more to wait for."""
        while True:
            news = await database_sync_to_async(self._follow.read)()
            if self._follow.wish.pattern is not None:
                # Not in the thread of the database: everybody's logs wait for that.
                news = await asyncio.get_running_loop().run_in_executor(_choosing, self._follow.choose, news)
            for entry in news.entries:
                await self._say(self._piece(entry))
                self._told_at = time.monotonic()
                self._left = None if self._left is None else self._left - 1
                if self._left == 0:
                    return False
            if news.over or not news.more:
                return not news.over

    async def _wait(self, layer: Any, channel: str) -> bool:
        """For a doorbell, or a pulse's time. Whether the stream goes on."""
        silence = self._follow.wish.silence
        left = None if silence is None else self._told_at + silence - time.monotonic()
        if left is not None and left <= 0:
            return False
        patience = PULSE_SECONDS if left is None else min(PULSE_SECONDS, left)
        rung = ""
        try:
            async with asyncio.timeout(patience):
                rung = (await layer.receive(channel))["type"]
        except TimeoutError:
            if self._events:
                await self._say(b":\n\n")
        if rung != "standings.changed" and time.monotonic() - self._allowed_at < PULSE_SECONDS:
            return True
        self._allowed_at = time.monotonic()
        return bool(await database_sync_to_async(self._follow.still_allowed)())

    def _piece(self, entry: Entry) -> bytes:
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        return (f"data: {text}\n\n" if self._events else f"{text}\n").encode()

    async def _say(self, piece: bytes) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int, message: str) -> None:
    request = f"{int(time.time() * 1000)}.{secrets.randbelow(900_000) + 100_000}"
    body = json.dumps({"code": status, "message": message, "req_id": request}).encode()
    own = ((b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()))
    await _head(send, status, *own)
    await send({"type": "http.response.body", "body": body})


async def _head(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *CORS]})


def _header(scope: dict[str, Any], name: bytes) -> str:
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if found else ""
