"""The part of a page's websocket in which people see each other (presence.py says how)."""

import asyncio
import time
from typing import Any

from channels.exceptions import ChannelFull  # type: ignore[import-untyped]

from console.live.page import MAX_TOPICS, Page
from console.live.presence import MAX_LINE, Presence, Said
from console.live.watch import Malformed
from console.webtasks.files import is_path

# How often one page says something to the others, and is itself told, at most: what comes sooner is told together.
EVERY = {"announce": 1.0, "show": 0.25}
# What a problem is about, which is not about the topic's log.
HERE = {"about": "here"}


class Meeting(Page):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._presences: dict[str, Presence] = {}
        self._waiting: set[asyncio.Task[None]] = set()

    async def gone(self) -> None:
        for task in list(self._waiting):
            task.cancel()
        for topic in list(self._presences):
            await self._leave(topic)

    async def pulse(self, _event: dict[str, Any]) -> None:
        for presence in list(self._presences.values()):
            await self.channel_layer.group_add(presence.group, self.channel_name)
            if await self._checked(presence):
                await self._announce(presence)
                if presence.forget_silent(time.monotonic()):
                    await self._show(presence)

    async def on_here(self, message: dict[str, Any]) -> None:
        topic, editing = message["topic"], message.get("editing", False)
        line, file = message.get("line"), message.get("file")
        if not isinstance(topic, str) or not isinstance(editing, bool) or not _is_place(line, file):
            raise ValueError(
                'send {"t":"here","topic":"webtask:TEAM/NAME","editing":true or false,"line":NUMBER or null,'
                '"file":PATH or null}'
            )
        known = self._presences.get(topic)
        presence = known or await self._come(topic)
        if presence is None or (not presence.told(editing=editing, line=line, file=file) and known):
            return
        if known:
            await self._in_time(presence, "announce")
        else:
            await self._announce(presence, ask=True)
            await self._in_time(presence, "show")

    async def person_here(self, event: dict[str, Any]) -> None:
        """From another page, of any process."""
        said: Said = event["said"]
        presence = self._presence_of(event["webtask"])
        if presence is None or said["channel"] == self.channel_name:
            return
        if presence.hear(said, time.monotonic()):
            await self._in_time(presence, "show")
        if event["ask"]:
            await self._answer(presence, said["channel"])

    async def presence_due(self, event: dict[str, Any]) -> None:
        """From itself, when its time has come."""
        presence = self._presences.get(event["topic"])
        if presence is not None and event["what"] in presence.due:
            presence.due.discard(event["what"])
            await self._now(presence, event["what"])

    async def _come(self, topic: str) -> Presence | None:
        if len(self._presences) >= MAX_TOPICS:
            much = Malformed(f"A connection is at {MAX_TOPICS} webtasks at most.")
            await self._tell(much, topic=topic, **HERE)
            return None
        presence = await self._asked(
            lambda: Presence.open(self._viewer(), topic), topic=topic, lost=_nothing, **HERE
        )
        if presence is not None:
            self._presences[topic] = presence
            await self.channel_layer.group_add(presence.group, self.channel_name)
        return presence

    async def _leave(self, topic: str) -> None:
        presence = self._presences.pop(topic, None)
        if presence is not None:
            presence.close()
            await self.channel_layer.group_discard(presence.group, self.channel_name)
            said: Said = {
                "channel": self.channel_name,
                "known": None,
                "editing": False,
                "line": None,
                "file": None,
            }
            await self._say(presence, said)

    async def _checked(self, presence: Presence) -> bool:
        """Whether they may still see the others; who may not is gone for these, too."""

        def check() -> bool:
            presence.check(self._viewer())
            return True

        return bool(await self._asked(check, topic=presence.topic, lost=self._leave, **HERE))

    async def _in_time(self, presence: Presence, what: str) -> None:
        """At once, or when so much time has passed since it did the last time."""
        left = presence.done.get(what, 0.0) + EVERY[what] - time.monotonic()
        if left <= 0:
            await self._now(presence, what)
        elif what not in presence.due:
            presence.due.add(what)
            task = asyncio.create_task(self._ring(left, presence.topic, what))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _ring(self, seconds: float, topic: str, what: str) -> None:
        await asyncio.sleep(seconds)
        await self._send(self.channel_name, {"type": "presence.due", "topic": topic, "what": what})

    async def _now(self, presence: Presence, what: str) -> None:
        await (self._announce(presence) if what == "announce" else self._show(presence))

    async def _announce(self, presence: Presence, *, ask: bool = False) -> None:
        presence.done["announce"] = time.monotonic()
        await self._say(presence, presence.says(self.channel_name), ask=ask)

    async def _say(self, presence: Presence, said: Said, *, ask: bool = False) -> None:
        told = {"type": "person.here", "webtask": presence.webtask, "said": said, "ask": ask}
        await self.channel_layer.group_send(presence.group, told)

    async def _answer(self, presence: Presence, channel: str) -> None:
        said = presence.says(self.channel_name)
        told = {"type": "person.here", "webtask": presence.webtask, "said": said, "ask": False}
        await self._send(channel, told)

    async def _send(self, channel: str, told: dict[str, Any]) -> None:
        try:
            await self.channel_layer.send(channel, told)
        except ChannelFull:
            return  # it has enough to do, and hears of it at the next pulse

    async def _show(self, presence: Presence) -> None:
        presence.done["show"] = time.monotonic()
        if await self._checked(presence):
            await self.send_json({"t": "presence", "topic": presence.topic, "people": presence.people()})

    def _presence_of(self, webtask: int) -> Presence | None:
        return next((one for one in self._presences.values() if one.webtask == webtask), None)


async def _nothing(_topic: str) -> None:
    return


def _is_place(line: object, file: object) -> bool:
    if line is not None and not (type(line) is int and 1 <= line <= MAX_LINE):
        return False
    return file is None or (isinstance(file, str) and is_path(file))
