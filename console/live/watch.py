"""One watched webtask of one page: what of its log the page has been sent, and what comes next.

Group messages are only doorbells: what is sent is always read from the database, in order, after the last `seq`
sent. So replay and live are one path, and a lost or doubled doorbell costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from console.accounts.needs import action_of, needs
from console.accounts.principals import Principal
from console.accounts.roles import Action
from console.problems import Problem
from console.webtasks import logs
from console.webtasks.access import access_webtask
from console.webtasks.events import group_of
from console.webtasks.metrics import tally_shape
from console.webtasks.models import LogLine, Webtask
from console.webtasks.shapes import call_shape, invocation_shape, line_shape

KIND = "webtask"
FIRST_LINES = 200
PAGE = 500
# A page further behind than this is given the newest PAGE lines and told how many it missed.
MAX_BEHIND = 2000


class SignedOut(Exception):
    pass


class Malformed(Problem):
    id = "invalid"
    status = 400
    title = "The message is not valid"


@dataclass(slots=True)
class News:
    """Messages, each with its `t`; whether there are more to read."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    more: bool = False

    def tell(self, word: str, things: Sequence[object], **others: Any) -> None:
        if things:
            self.messages.append({"t": word, word: things, **others})


@dataclass(slots=True)
class Watch:
    topic: str
    team: str
    name: str
    webtask: int
    seq: int
    invocation: int
    call: int
    tally: int

    @property
    def group(self) -> str:
        return group_of(self.webtask)

    @classmethod
    def open(cls, who: Principal | None, topic: str, since: int | None) -> Self:
        """Raises SignedOut, Problem."""
        team, name = parted(topic)
        webtask = watched(who, team, name)
        return cls(
            topic=topic,
            team=team,
            name=name,
            webtask=webtask.pk,
            seq=_start(webtask, since),
            invocation=logs.last_invocation(webtask),
            call=logs.last_call(webtask),
            tally=logs.last_tally(webtask),
        )

    def read(self, who: Principal | None) -> News:
        """What is new, and moves on past it. Raises SignedOut, Problem."""
        webtask = watched(who, self.team, self.name)
        lines, dropped, more = self._lines(webtask)
        invocations = logs.invocations_after(webtask, self.invocation, PAGE)
        calls = logs.calls_after(webtask, self.call, PAGE)
        tallies = logs.thinned_after(webtask, self.tally, PAGE)
        self.seq = lines[-1].pk if lines else self.seq
        self.invocation = invocations[-1].pk if invocations else self.invocation
        self.call = calls[-1].pk if calls else self.call
        self.tally = tallies[-1].pk if tallies else self.tally
        news = News(more=more or PAGE in (len(invocations), len(calls), len(tallies)))
        news.tell("lines", [line_shape(line) for line in lines], dropped=dropped)
        news.tell("invocations", [invocation_shape(invocation) for invocation in invocations])
        news.tell("calls", [call_shape(call) for call in calls])
        news.tell("tallies", [tally_shape(tally) for tally in tallies])
        return news

    def _lines(self, webtask: Webtask) -> tuple[list[LogLine], int, bool]:
        page = logs.lines_after(webtask, self.seq, PAGE)
        if not page.more:
            return page.lines, 0, False
        waiting = logs.lines_waiting(webtask, self.seq)
        if waiting <= MAX_BEHIND:
            return page.lines, 0, True
        newest = logs.last_lines(webtask, PAGE)
        return newest, waiting - len(newest), False


def parted(topic: str, kind: str = KIND) -> tuple[str, str]:
    """The team and the webtask that it names. Raises Malformed."""
    told, _, rest = topic.partition(":")
    team, _, name = rest.partition("/")
    if told != kind or not name:
        raise Malformed("A topic reads webtask:TEAM/NAME, versions:TEAM/NAME, or system.")
    return team, name


@needs(Action.LOGS)
def watched(who: Principal | None, team: str, name: str) -> Webtask:
    """Raises SignedOut, Absent, Forbidden."""
    if who is None:
        raise SignedOut
    return access_webtask(who, team, name, action_of(watched))


def _start(webtask: Webtask, since: int | None) -> int:
    if since is None:
        first = logs.last_lines(webtask, FIRST_LINES)[:1]
        return first[0].pk - 1 if first else logs.last_seq()
    # After a restored backup a page may know a later line than we: it must hear of the next one all the same.
    return min(since, logs.last_seq())
