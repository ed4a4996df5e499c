"""The browser's websocket: what is new of the webtasks that a page watches, or of the nodes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from channels.db import database_sync_to_async  # type: ignore[import-untyped]

from console.live.meeting import Meeting
from console.live.page import MAX_TOPICS, SIGNED_OUT
from console.live.presence import present
from console.live.system import TOPIC, SystemWatch, overseen
from console.live.versions import KIND as VERSIONS
from console.live.versions import VersionsWatch, versioned
from console.live.viewer import Visitor
from console.live.watch import Malformed, News, Watch, watched
from console.webtasks.events import SYSTEM, WATCHERS, group_of, group_of_versions

# What there is to subscribe to, each with what asks whether one may; and to be at, where one sees others and is seen.
TOPICS: dict[str, Callable[..., Any]] = {
    "webtask:TEAM/NAME": watched,
    "versions:TEAM/NAME": versioned,
    "here webtask:TEAM/NAME": present,
    TOPIC: overseen,
}

AnyWatch = Watch | VersionsWatch | SystemWatch


class Tail(Meeting):
    pulse_seconds = 30.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watches: dict[str, AnyWatch] = {}

    async def connect(self) -> None:
        self._visitor = Visitor.of(self.scope["headers"])
        await self.accept()
        await self.channel_layer.group_add(WATCHERS, self.channel_name)
        if await database_sync_to_async(self._visitor.now)() is None:
            await self.close(
                SIGNED_OUT
            )  # after accepting: a browser cannot tell a refused upgrade from no network

    async def gone(self) -> None:
        await super().gone()
        await self.channel_layer.group_discard(WATCHERS, self.channel_name)
        for watch in self._watches.values():
            await self.channel_layer.group_discard(watch.group, self.channel_name)

    async def pulse(self, event: dict[str, Any]) -> None:
        """Makes good what a lost doorbell left, and ends what is no longer allowed."""
        await super().pulse(event)
        await self.channel_layer.group_add(WATCHERS, self.channel_name)
        for watch in list(self._watches.values()):
            await self.channel_layer.group_add(watch.group, self.channel_name)
            await self._catch_up(watch)

    async def on_sub(self, message: dict[str, Any]) -> None:
        topic, since = message["topic"], message.get("since")
        if not isinstance(topic, str) or not (since is None or (type(since) is int and since >= 0)):
            raise ValueError('send {"t":"sub","topic":"webtask:TEAM/NAME" or another,"since":SEQ or null}')
        if topic not in self._watches and len(self._watches) >= MAX_TOPICS:
            await self._tell(Malformed(f"A connection watches at most {MAX_TOPICS} topics."), topic=topic)
            return
        watch = await self._asked(partial(self._open, topic, since), topic=topic, lost=self._forget)
        if watch is None:
            return
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

    async def standings_changed(self, event: dict[str, Any]) -> None:
        """From console.webtasks.events."""
        await self.pulse(event)

    async def system_changed(self, _event: dict[str, Any]) -> None:
        """From console.live.link and console.webtasks.events."""
        for watch in self._of(SYSTEM):
            await self._catch_up(watch)

    async def version_published(self, event: dict[str, Any]) -> None:
        """From console.webtasks.events."""
        for watch in self._of(group_of_versions(event["webtask"])):
            await self._catch_up(watch)

    async def _catch_up(self, watch: AnyWatch) -> None:
        while True:
            news = await self._asked(partial(self._read_on, watch), topic=watch.topic, lost=self._forget)
            if news is None:  # they may no longer see this; the watch is over
                return
            for message in news.messages:
                await self.send_json({**message, "topic": watch.topic})
            if not news.more:
                return

    async def _forget(self, topic: str) -> None:
        watch = self._watches.pop(topic, None)
        if watch:
            await self.channel_layer.group_discard(watch.group, self.channel_name)

    def _of(self, group: str) -> list[AnyWatch]:
        return [watch for watch in self._watches.values() if watch.group == group]

    def _open(self, topic: str, since: int | None) -> AnyWatch:
        if topic == TOPIC:
            return SystemWatch.open(self._viewer(), since)
        if topic.startswith(f"{VERSIONS}:"):
            return VersionsWatch.open(self._viewer(), topic, since)
        return Watch.open(self._viewer(), topic, since)

    def _read_on(self, watch: AnyWatch) -> News:
        return watch.read(self._viewer())
