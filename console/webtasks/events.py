"""Tells executors and open pages what has changed, after the commit.

Only speed depends on it: an executor that hears nothing asks again within its TTL, a page that hears nothing
reads on when it reconnects. So everything here gives up quietly.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Coroutine, Mapping
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from channels.layers import get_channel_layer  # type: ignore[import-untyped]

from console.jobs.queue import enqueue
from console.webtasks.models import Executor, Webtask

# Whom to tell, as names of channel groups.
EXECUTORS = "executors"
STATES = "executor-states"
# Of every page that is open.
WATCHERS = "watchers"
# Of every page that shows System.
SYSTEM = "system"
CONFIRM_SECONDS = 2.0
# The kind of job that announces what another process changed.
ANNOUNCE = "webtasks.announce"

Result = TypeVar("Result")

logger = logging.getLogger(__name__)
_loop: asyncio.AbstractEventLoop | None = None


def attach(loop: asyncio.AbstractEventLoop | None) -> None:
    """The loop that serves the websockets: the in-memory layer delivers nothing from another thread."""
    global _loop  # noqa: PLW0603 - one loop per process, known when the server starts
    _loop = loop


def serving() -> bool:
    """Whether this process has the loop that reaches executors."""
    return _loop is not None and _loop.is_running()


def group_of(webtask_id: int) -> str:
    """The group of everyone who watches this webtask."""
    return f"webtask.{webtask_id}"


def group_of_versions(webtask_id: int) -> str:
    """The group of everyone who is told of this webtask's versions: leaving one group is not leaving the other."""
    return f"versions.{webtask_id}"


def group_of_team(team_id: int) -> str:
    """The group of everyone who follows all that this team's code says."""
    return f"team.{team_id}"


@dataclass(slots=True)
class Change:
    """What executors must forget. `announce` runs on commit; afterwards the other fields tell who has heard."""

    names: Mapping[str, str | None]
    webtask_id: int | None = None
    confirmed: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    milliseconds: float = 0.0

    @classmethod
    def of_webtask(cls, webtask: Webtask) -> Self:
        """Another version of it is live."""
        return cls({"team": webtask.team.slug, "webtask": webtask.name}, webtask_id=webtask.pk)

    @classmethod
    def of_settings(cls, webtask: Webtask) -> Self:
        return cls({"team": webtask.team.slug, "webtask": webtask.name})

    @classmethod
    def of_purge(cls, team: str, webtask: str | None) -> Self:
        """Of all that executors remember of it, or of the whole team: code that they fetched from elsewhere, too."""
        return cls({"team": team, "webtask": webtask, "purge": "1"})

    @classmethod
    def of_team(cls, team: str) -> Self:
        """All its webtasks, and what its tokens run."""
        return cls({"team": team, "webtask": None})

    @classmethod
    def of_gone(cls, team: str) -> Self:
        """Nothing is this team's any more: it has another name, or was deleted."""
        return cls({"team": team, "webtask": None, "gone": "1"})

    @classmethod
    def of_token(cls, team: str, jti: str) -> Self:
        return cls({"team": team, "token": jti})

    @classmethod
    def of_standings(cls) -> Self:
        """Somebody may do less than before: who may call what is private is asked again."""
        return cls({"team": "", "webtask": None, "standings": "1"})

    def announce(self) -> None:
        """From a thread without a loop. Returns when every listening executor has applied it, or time is up."""
        if not serving():
            # Of a command, say: the server makes it known when it looks at its jobs.
            enqueue(ANNOUNCE, names=dict(self.names))
            return
        started = time.monotonic()
        waited_for = set(Executor.objects.listening().values_list("name", flat=True))
        heard = _in_loop(self._spread(waited_for)) or set()
        self.confirmed = sorted(heard)
        self.unconfirmed = sorted(waited_for - heard)
        self.milliseconds = round((time.monotonic() - started) * 1000, 1)

    async def _spread(self, waited_for: set[str]) -> set[str]:
        layer = get_channel_layer()
        if self.webtask_id is not None:
            news = {"type": "version.published", "webtask": self.webtask_id}
            await layer.group_send(group_of_versions(self.webtask_id), news)
        reply_to = await layer.new_channel("applied")
        change = {"change": secrets.token_hex(8), **self.names}
        await layer.group_send(EXECUTORS, {"type": "change", "change": change, "reply_to": reply_to})
        heard: set[str] = set()
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                while heard < waited_for:
                    heard.add((await layer.receive(reply_to))["executor"])
        except TimeoutError:
            logger.warning("%s not confirmed by %s", self.names, sorted(waited_for - heard))
        return heard


def ask(question: Mapping[str, Any]) -> list[Any]:
    """What each listening executor answers in time. From a thread without a loop."""
    if _loop is None or not _loop.is_running():
        return []
    waited_for = set(Executor.objects.listening().values_list("name", flat=True))
    return _in_loop(_collect(question, waited_for)) or []


async def _collect(question: Mapping[str, Any], waited_for: set[str]) -> list[Any]:
    layer = get_channel_layer()
    reply_to = await layer.new_channel("answers")
    asked = {**question, "ask": secrets.token_hex(8)}
    await layer.group_send(EXECUTORS, {"type": "question", "question": asked, "reply_to": reply_to})
    answers: dict[str, Any] = {}
    try:
        async with asyncio.timeout(CONFIRM_SECONDS):
            while answers.keys() < waited_for:
                heard = await layer.receive(reply_to)
                answers[heard["executor"]] = heard["answer"]
    except TimeoutError:
        logger.warning("not answered by %s", sorted(waited_for - answers.keys()))
    return list(answers.values())


def order(executor: str, message: dict[str, str]) -> None:
    """Passes a message to one executor, over whichever link it has. From a thread without a loop."""
    if _loop is not None and _loop.is_running():
        event = {"type": "order", "executor": executor, "message": message}
        _in_loop(get_channel_layer().group_send(EXECUTORS, event))


def ring_watchers() -> None:
    """Somebody may see less than before: every open page asks again. From a thread without a loop."""
    if serving():
        _in_loop(get_channel_layer().group_send(WATCHERS, {"type": "standings.changed"}))


def ring_system() -> None:
    """Something that System shows has changed. From a thread without a loop."""
    if _loop is not None and _loop.is_running():
        _in_loop(get_channel_layer().group_send(SYSTEM, {"type": "system.changed"}))


def _in_loop(work: Coroutine[Any, Any, Result]) -> Result | None:
    assert _loop is not None
    future = asyncio.run_coroutine_threadsafe(work, _loop)
    try:
        return future.result(CONFIRM_SECONDS + 1)
    except NotInTime:
        future.cancel()
    except Exception:
        logger.exception("a change could not be announced")
    return None
