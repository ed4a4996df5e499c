"""The executor's one connection to the console: changes come in; log records and the node's state go out."""

import asyncio
import functools
import json
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from secrets import token_hex
from typing import Any

from websockets.asyncio.client import ClientConnection, connect, unix_connect
from websockets.exceptions import WebSocketException

from executor.attacks.drill import Drill
from executor.config import Config
from executor.contract import LINK_PATH, Pin
from executor.doctor import Doctor
from executor.logs.outbox import Outbox
from executor.modules.workshop import Workshop
from executor.pool.nursery import NoWorker
from executor.pool.pool import Pool
from executor.pool.queue import PoolFull
from executor.report import Report
from executor.sandbox.errors import SandboxUnavailable
from executor.source import Refused, Source, Unreachable

log = logging.getLogger("executor.link")

BACKOFF_SECONDS = (0.1, 0.3, 1.0, 3.0)


class Link:
    """Reconnects for ever. Push is only speed: without it the source's TTL and ETags keep things right."""

    def __init__(
        self,
        config: Config,
        *,
        pool: Pool,
        source: Source,
        outbox: Outbox,
        doctor: Doctor,
        report: Report,
    ) -> None:
        """`report` is what the doctor found at the start; whoever asks gets a fresh one."""
        self._config = config
        self._pool = pool
        self._source = source
        # Who answers a question, by its word; and whoever else remembers something of a team, or of one of its webtasks.
        self.answers: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self.on_purge: Callable[[str, str | None], object] = lambda _team, _webtask: None
        self.on_standings: Callable[[], object] = lambda: None
        self._outbox = outbox
        self._doctor = doctor
        self._report = report
        self._inspecting = asyncio.Lock()
        self._boot = token_hex(8)
        self._drill = Drill(config.data, accept_weaker=config.accept_weaker)
        self._workshop = Workshop(config)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        failures = 0
        while True:
            try:
                async with self._connect() as socket:
                    failures = 0
                    await self._converse(socket)
            except (OSError, TimeoutError, WebSocketException) as error:
                log.log(
                    logging.DEBUG if failures < 3 else logging.WARNING, "no link to the console: %s", error
                )
            except Exception:
                # Without a link nothing is logged and nothing heard: come back, whatever it was.
                log.exception("the link to the console failed")
            await asyncio.sleep(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])
            failures += 1

    def _connect(self) -> connect:
        headers = {"authorization": f"Bearer {self._config.node_token}"}
        path = self._config.console_socket
        if path is not None:
            # Compressing for a socket on the same machine would only burn both sides' CPU.
            return unix_connect(
                path,
                f"ws://console{LINK_PATH}",
                additional_headers=headers,
                max_size=2**20,
                compression=None,
            )
        base = self._config.console.replace("http", "ws", 1)
        return connect(f"{base}{LINK_PATH}", additional_headers=headers, max_size=2**20)

    async def _converse(self, socket: ClientConnection) -> None:
        await _say(
            socket,
            t="hello",
            executor=self._config.name,
            boot=self._boot,
            isolation=self._report.to_json(),
            runtimes={name: runtime.version for name, runtime in self._report.runtimes.items()},
        )
        welcome = json.loads(await socket.recv())
        self._source.link = socket
        senders = [
            asyncio.create_task(self._send_records(socket, after=welcome["acked"])),
            asyncio.create_task(self._send_state(socket)),
        ]
        try:
            async for message in socket:
                self._heard(socket, json.loads(message))
        finally:
            self._source.link = None
            # They fail as the socket does, which the loop above has noticed too.
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)

    async def _send_records(self, socket: ClientConnection, *, after: int) -> None:
        async for batch in self._outbox.batches(after=after):
            await socket.send(json.dumps(batch.to_json(), separators=(",", ":")))

    async def _send_state(self, socket: ClientConnection) -> None:
        while True:
            self._pool.changed.clear()
            blank, bound = self._pool.blank, self._pool.bound
            await _say(socket, t="state", ready=blank + bound > 0, blank=blank, workers=bound)
            await self._pool.changed.wait()

    def _heard(self, socket: ClientConnection, message: dict[str, Any]) -> None:
        if message["t"] == "ack":
            self._outbox.acked(message["seq"])
        elif message["t"] == "change":
            self._in_background(self._take(socket, message))
        elif message["t"] == "inspect":
            self._in_background(self._inspect(socket, message["run"]))
        elif message["t"] == "attack":
            self._in_background(self._attack(socket, message["run"]))
        elif message["t"] in self.answers:
            self._in_background(self._answer(socket, message))
        elif message["t"] == "install":
            self._in_background(self._install(socket, message["run"], message["wish"]))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """What takes its time must not hold up the next change or an ack."""
        task = asyncio.get_running_loop().create_task(work)
        # The loop keeps only weak references to tasks; without ours one could vanish half way.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, socket: ClientConnection, question: dict[str, Any]) -> None:
        answer = self.answers[question["t"]](question)
        with suppress(WebSocketException):
            await _say(socket, t="answer", ask=question["ask"], answer=answer)

    async def _inspect(self, socket: ClientConnection, run: str) -> None:
        """One at a time: each probes the whole host. Who is gone by then hears it in the next hello."""
        trouble = ""
        async with self._inspecting:
            try:
                self._report = await self._doctor.report()
            except (OSError, SandboxUnavailable) as error:
                trouble = str(error)
        with suppress(WebSocketException):
            await _say(socket, t="isolation", run=run, report=self._report.to_json(), error=trouble)

    async def _attack(self, socket: ClientConnection, run: str) -> None:
        try:
            await self._drill.run(run, functools.partial(_say, socket))
        except WebSocketException:
            log.warning("the attack suite ends with the link: nobody is there to hear its results")

    async def _install(self, socket: ClientConnection, run: str, wish: dict[str, str]) -> None:
        try:
            await self._workshop.work(run, wish, functools.partial(_say, socket))
        except WebSocketException:
            log.warning("packages of run %s are given up: the link broke", run)

    async def _take(self, socket: ClientConnection, change: dict[str, Any]) -> None:
        await self._apply(socket, change)
        if change.get("webtask") is not None:
            await self._tidy(change["team"], change["webtask"])

    async def _apply(self, socket: ClientConnection, change: dict[str, Any]) -> None:
        """Forgets what the change made stale; what was warm is made warm again before it counts as applied."""
        if "purge" in change:
            self.on_purge(change["team"], change["webtask"])
        if "token" in change or "standings" in change:
            self.on_standings()
        if "token" in change:
            self._source.forget_token(change["token"])
            self._pool.forget_token(change["token"])
        elif "gone" in change:
            self._source.forget_team(change["team"])
            self._pool.forget_team(change["team"])
        elif change["webtask"] is None:
            self._source.forget_leaves(change["team"])
            known = self._source.known(change["team"])
            for webtask in known:
                self._source.forget(change["team"], webtask)
            # One after another: a request that comes meanwhile shall not wait behind a whole team's new workers.
            # What is cold is asked for by its next request: a team may have thousands.
            for webtask in known:
                if self._pool.holds(f"{change['team']}/{webtask}"):
                    await self._renew(change["team"], webtask)
        else:
            await self._renew(change["team"], change["webtask"])
        try:
            await _say(socket, t="applied", change=change["change"])
        except WebSocketException:
            log.warning("change %s is applied, but the link broke before the console heard", change["change"])

    async def _renew(self, team: str, webtask: str) -> None:
        slot = f"{team}/{webtask}"
        warm = self._pool.holds(slot)
        self._source.forget(team, webtask)
        if not warm:
            self._source.learn(team, webtask)
            return
        try:
            deployment = await self._source.deployment(team, webtask)
            if deployment.remotes or deployment.paused:
                self._pool.forget(slot)  # its code may take long to come; or nobody may call it
            elif self._pool.find(deployment) is None:
                await self._pool.bind(deployment)
        except (Refused, Unreachable, NoWorker, PoolFull) as error:
            # Deleted, its token revoked, or no room: the next request will ask and answer for itself.
            self._pool.forget(slot, at_once=isinstance(error, Refused))
            log.info("%s is not warm after its change: %s", slot, error)

    async def _tidy(self, team: str, webtask: str) -> None:
        """Of its versions that run beside the live one, what the change made stale ends. No request gets to those by now."""
        for deployment in self._pool.beside(team, webtask):
            try:
                now = await self._source.deployment(team, str(Pin(webtask, deployment.version)))
                if now.digest != deployment.digest and not now.remotes:
                    self._pool.forget(deployment.slot)
            except Refused:
                self._pool.forget(deployment.slot, at_once=True)
            except Unreachable:
                return


async def _say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message, separators=(",", ":")))
