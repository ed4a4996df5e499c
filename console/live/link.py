"""The executor's link: its records and state come in, changes go out."""

import logging
from typing import Any

from channels.db import database_sync_to_async  # type: ignore[import-untyped]
from django.utils import timezone

from console.live.nodes import is_node
from console.live.socket import Socket
from console.modules import actions as modules
from console.webtasks import attacks, executors, records
from console.webtasks.events import EXECUTORS, STATES, SYSTEM, group_of, group_of_team
from console.webtasks.isolation import report
from console.webtasks.shapes import instant

logger = logging.getLogger(__name__)

# Confirmations owed: an executor that never confirms must not make us remember every change.
MAX_OWED = 1000


class Link(Socket):
    # Records travel in batches of hundreds of lines; the server bounds a frame.
    max_message = 64 * 1024 * 1024

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name = self._boot = ""
        self._ready = False
        self._state: dict[str, Any] = {}
        self._owed: dict[str, str] = {}

    async def connect(self) -> None:
        if is_node(self.header("authorization")):
            await self.accept()
        else:
            await self.close()

    async def gone(self) -> None:
        if self._name:
            await self.channel_layer.group_discard(EXECUTORS, self.channel_name)
            await database_sync_to_async(executors.leave)(self._name, self._boot)
            await database_sync_to_async(attacks.abandon)(self._name, self._boot)
            await database_sync_to_async(modules.abandon)(self._boot)
            await self._tell_state(ready=False)
            logger.info("executor %s has gone", self._name)

    async def pulse(self, _event: dict[str, Any]) -> None:
        if self._name:
            await self.channel_layer.group_add(EXECUTORS, self.channel_name)
            await self._save_state()

    async def misunderstood(self, error: Exception) -> None:
        logger.warning("executor %s sent what is not understood: %r", self._name or "(unnamed)", error)
        await self.close(4400)

    async def on_hello(self, message: dict[str, Any]) -> None:
        name, boot = str(message["executor"]), str(message["boot"])
        self._state = _isolation(message.get("isolation"))
        acked = await database_sync_to_async(executors.arrive)(name, boot, self._state)
        await database_sync_to_async(attacks.abandon)(name, boot)
        await database_sync_to_async(modules.abandon)(boot)
        self._name, self._boot = name, boot
        # Before the welcome: whoever is welcome hears of every change from then on.
        await self.channel_layer.group_add(EXECUTORS, self.channel_name)
        await self.send_json({"t": "welcome", "acked": acked})
        await self._ring_system()
        logger.info("executor %s is here", name)

    async def on_state(self, message: dict[str, Any]) -> None:
        self._require_hello()
        ready = bool(message["ready"])
        self._state |= {"blank": int(message["blank"]), "workers": int(message["workers"])}
        # States come with every worker bound and freed; the row need not follow each.
        if ready != self._ready:
            self._ready = ready
            await self._save_state()
            await self._tell_state(ready=ready)

    async def on_records(self, message: dict[str, Any]) -> None:
        self._require_hello()
        stored = await database_sync_to_async(records.store)(self._name, self._boot, message)
        await self.send_json({"t": "ack", "seq": message["seq"]})
        for webtask in stored.webtasks:
            await self.channel_layer.group_send(
                group_of(webtask), {"type": "records.stored", "webtask": webtask}
            )
        for team in stored.teams:
            await self.channel_layer.group_send(group_of_team(team), {"type": "records.stored"})
        if stored.events:
            await self._ring_system()

    async def on_isolation(self, message: dict[str, Any]) -> None:
        self._require_hello()
        self._state |= _isolation(message["report"])
        await self._save_state()
        await self._ring_system()

    async def on_attacked(self, message: dict[str, Any]) -> None:
        self._require_hello()
        run, said = str(message["run"]), message["attack"]
        await database_sync_to_async(attacks.note)(self._name, run, said)
        await self._ring_system()

    async def on_attacks_over(self, message: dict[str, Any]) -> None:
        self._require_hello()
        run, error = str(message["run"]), str(message.get("error") or "")
        await database_sync_to_async(attacks.finish)(self._name, run, error=error)
        await self._ring_system()

    async def on_installing(self, message: dict[str, Any]) -> None:
        self._require_hello()
        run, lines = str(message["run"]), [str(line) for line in message["lines"]]
        await database_sync_to_async(modules.note)(self._boot, run, lines)

    async def on_installed(self, message: dict[str, Any]) -> None:
        self._require_hello()
        await database_sync_to_async(modules.conclude)(self._boot, str(message["run"]), message)

    async def on_applied(self, message: dict[str, Any]) -> None:
        reply_to = self._owed.pop(str(message["change"]), None)
        if reply_to:
            await self.channel_layer.send(reply_to, {"type": "applied", "executor": self._name})

    async def on_answer(self, message: dict[str, Any]) -> None:
        reply_to = self._owed.pop(str(message["ask"]), None)
        if reply_to:
            answer = {"type": "answer", "executor": self._name, "answer": message["answer"]}
            await self.channel_layer.send(reply_to, answer)

    async def change(self, event: dict[str, Any]) -> None:
        """From console.webtasks.events."""
        self._owe(event["change"]["change"], event["reply_to"])
        await self.send_json({"t": "change", **event["change"]})

    async def question(self, event: dict[str, Any]) -> None:
        """From console.webtasks.events."""
        self._owe(event["question"]["ask"], event["reply_to"])
        await self.send_json(event["question"])

    def _owe(self, what: str, reply_to: str) -> None:
        self._owed[what] = reply_to
        while len(self._owed) > MAX_OWED:
            del self._owed[next(iter(self._owed))]

    async def order(self, event: dict[str, Any]) -> None:
        """From console.webtasks.events: for one executor, of whose links the newest answers."""
        if event["executor"] == self._name:
            await self.send_json(event["message"])

    def _require_hello(self) -> None:
        if not self._name:
            raise ValueError("hello comes first")

    async def _save_state(self) -> None:
        await database_sync_to_async(executors.report)(
            self._name, self._boot, ready=self._ready, state=self._state
        )

    async def _tell_state(self, *, ready: bool) -> None:
        event = {"type": "executor.state", "executor": self._name, "ready": ready}
        await self.channel_layer.group_send(STATES, event)
        await self._ring_system()

    async def _ring_system(self) -> None:
        await self.channel_layer.group_send(SYSTEM, {"type": "system.changed"})


def _isolation(said: Any) -> dict[str, Any]:
    return {"isolation": report(said), "probed_at": instant(timezone.now())}
