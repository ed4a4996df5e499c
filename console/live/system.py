"""What a page that shows System has been sent of the nodes, and what comes next; read from the database, as watch is."""

from dataclasses import dataclass, field
from typing import Self

from console.accounts.access import require_staff
from console.accounts.needs import Beyond, needs
from console.accounts.principals import Principal
from console.live.watch import News, SignedOut
from console.webtasks import nodes
from console.webtasks.access import access_executors
from console.webtasks.events import SYSTEM

TOPIC = "system"


@dataclass(slots=True)
class SystemWatch:
    """`seq` is the last security event sent. Executors and runs are sent anew at first, then as they change."""

    seq: int
    topic: str = TOPIC
    group: str = SYSTEM
    _executors: dict[int, nodes.ExecutorShape] = field(default_factory=dict)
    _runs: dict[str, nodes.RunShape] = field(default_factory=dict)

    @classmethod
    def open(cls, who: Principal | None, since: int | None) -> Self:
        """Raises SignedOut, Problem."""
        overseen(who)
        last = nodes.last_event()
        return cls(last if since is None else min(since, last))

    def read(self, who: Principal | None) -> News:
        """What is new, and moves on past it. Raises SignedOut, Problem."""
        staff = overseen(who)
        news = News()
        listening = nodes.listening()
        shapes = [nodes.executor_shape(executor, listening) for executor in access_executors(staff)]
        news.tell("executors", [shape for shape in shapes if self._executors.get(shape["id"]) != shape])
        self._executors = {shape["id"]: shape for shape in shapes}
        self._read_runs(news)
        events = nodes.events_after(self.seq)
        self.seq = events[-1].pk if events else self.seq
        news.tell("events", [nodes.event_shape(event) for event in events])
        news.more = len(events) == nodes.EVENTS
        return news

    def _read_runs(self, news: News) -> None:
        """Of each run only the results that the page lacks: `from` counts those it has."""
        for run in nodes.last_runs():
            shape, known = nodes.run_shape(run), self._runs.get(run.run)
            if shape != known:
                had = known["passed"] + known["failed"] if known else 0
                message = {"t": "attacks", "run": shape, "from": had, "results": run.results[had:]}
                news.messages.append(message)
            self._runs[run.run] = shape


@needs(Beyond.STAFF)
def overseen(who: Principal | None) -> Principal:
    if who is None:
        raise SignedOut
    require_staff(who)
    return who
