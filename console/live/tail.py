"""The browser's websocket: what is new of the webtasks that a page watches, or of the nodes."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from channels.db import database_sync_to_async  # type: ignore[import-untyped]

from console.accounts.models import User
from console.live.socket import Socket
from console.live.system import TOPIC, SystemWatch
from console.live.viewer import session_key, viewer
from console.live.watch import Malformed, News, SignedOut, Watch
from console.problems import Problem
from console.webtasks.events import SYSTEM, group_of
from console.webtasks.shapes import VersionSummary

SIGNED_OUT = 4401
MAX_TOPICS = 20

Result = TypeVar("Result")


class Tail(Socket):
    pulse_seconds = 30.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session = ""
        self._watches: dict[str, Watch | SystemWatch] = {}

    async def connect(self) -> None:
        self._session = session_key(self.scope["headers"])
        await self.accept()
        if await database_sync_to_async(viewer)(self._session) is None:
            await self.close(
                SIGNED_OUT
            )  # after accepting: a browser cannot tell a refused upgrade from no network

    async def gone(self) -> None:
        for watch in self._watches.values():
            await self.channel_layer.group_discard(watch.group, self.channel_name)

    async def pulse(self, _event: dict[str, Any]) -> None:
        """Makes good what a lost doorbell left, and ends what is no longer allowed."""
        for watch in list(self._watches.values()):
            await self.channel_layer.group_add(watch.group, self.channel_name)
            await self._catch_up(watch)

    async def misunderstood(self, error: Exception) -> None:
        await self._tell(Malformed(f"The message is not understood: {error}"), topic=None)

    async def on_ping(self, _message: dict[str, Any]) -> None:
        await self.send_json({"t": "pong"})

    async def on_sub(self, message: dict[str, Any]) -> None:
        topic, since = message["topic"], message.get("since")
        if not isinstance(topic, str) or not (since is None or (type(since) is int and since >= 0)):
            raise ValueError('send {"t":"sub","topic":"webtask:TEAM/NAME" or "system","since":SEQ or null}')
        if topic not in self._watches and len(self._watches) >= MAX_TOPICS:
            await self._tell(Malformed(f"A connection watches at most {MAX_TOPICS} topics."), topic=topic)
            return
        try:
            watch = await database_sync_to_async(self._open)(topic, since)
        except Problem as problem:
            await self._tell(problem, topic=topic)
        except SignedOut:
            await self.close(SIGNED_OUT)
        else:
            self._watches[topic] = watch
            # Before the first read: a line stored in between rings, and rings once too often at worst.
            await self.channel_layer.group_add(watch.group, self.channel_name)
            await self.send_json({"t": "subscribed", "topic": topic, "seq": watch.seq})
            await self._catch_up(watch)

    async def on_unsub(self, message: dict[str, Any]) -> None:
        await self._forget(str(message["topic"]))

    async def records_stored(self, event: dict[str, Any]) -> None:
        """From console.live.link."""
        for watch in self._of(group_of(event["webtask"])):
            await self._catch_up(watch)

    async def system_changed(self, _event: dict[str, Any]) -> None:
        """From console.live.link and console.webtasks.events."""
        for watch in self._of(SYSTEM):
            await self._catch_up(watch)

    async def version_published(self, event: dict[str, Any]) -> None:
        """From console.webtasks.events."""
        for watch in self._of(group_of(event["webtask"])):
            if isinstance(watch, SystemWatch):
                continue
            summary = await self._guarded(watch, partial(self._version, watch, event["number"]))
            if summary:
                await self.send_json({"t": "version", "topic": watch.topic, "version": summary})

    async def _catch_up(self, watch: Watch | SystemWatch) -> None:
        while True:
            news = await self._guarded(watch, partial(self._read_on, watch))
            if news is None:
                return
            for message in news.messages:
                await self.send_json({**message, "topic": watch.topic})
            if not news.more:
                return

    async def _guarded(self, watch: Watch | SystemWatch, read: Callable[[], Result]) -> Result | None:
        """None when the person may no longer see this; the watch is over then."""
        try:
            result: Result = await database_sync_to_async(read)()
        except Problem as problem:
            await self._forget(watch.topic)
            await self._tell(problem, topic=watch.topic)
        except SignedOut:
            await self.close(SIGNED_OUT)
        else:
            return result
        return None

    async def _forget(self, topic: str) -> None:
        watch = self._watches.pop(topic, None)
        if watch:
            await self.channel_layer.group_discard(watch.group, self.channel_name)

    async def _tell(self, problem: Problem, *, topic: str | None) -> None:
        await self.send_json({"t": "problem", "topic": topic, "problem": problem.shape()})

    def _of(self, group: str) -> list[Watch | SystemWatch]:
        return [watch for watch in self._watches.values() if watch.group == group]

    def _open(self, topic: str, since: int | None) -> Watch | SystemWatch:
        if topic == TOPIC:
            return SystemWatch.open(self._viewer(), since)
        return Watch.open(self._viewer(), topic, since)

    def _read_on(self, watch: Watch | SystemWatch) -> News:
        return watch.read(self._viewer())

    def _version(self, watch: Watch, number: int) -> VersionSummary:
        return watch.version(self._viewer(), number)

    def _viewer(self) -> User | None:
        return viewer(self._session)
