"""A team's log as the published clients read it: bunyan's records, one for each line and two for each request."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

from console.webtasks.models import Invocation, LogLine
from console.webtasks.shapes import instant

LEVELS = {"debug": 20, "info": 30, "warn": 40, "error": 50}
# Requests of which it is known that their beginning was told.
MAX_BEGUN = 10_000

Entry = dict[str, Any]


class Teller:
    """Makes records; remembers of which requests it has said that they began."""

    def __init__(self, team: str) -> None:
        self._team = team
        self._begun: OrderedDict[str, None] = OrderedDict()

    def records(self, lines: list[LogLine], invocations: list[Invocation]) -> list[Entry]:
        told: list[Entry] = []
        for line in lines:
            if line.invocation:
                told += self._beginning(line, line.time)
            told.append(self._record(line, line.time, level=LEVELS.get(line.level, 30), msg=line.text))
        for one in invocations:
            told += self._beginning(one, one.time)
            text = f"finished webtask request {one.invocation} with HTTP {one.status} in {one.ms:.0f}ms"
            told.append(self._record(one, one.time + timedelta(milliseconds=one.ms), msg=text))
        return told

    def note(self, text: str, now: datetime) -> Entry:
        """Of the stream itself."""
        return self._entry("webtasks", now, level=LEVELS["warn"], msg=text)

    def _beginning(self, row: LogLine | Invocation, time: datetime) -> list[Entry]:
        """Told with the first that is heard of a request, which may be long before its end."""
        if row.invocation in self._begun:
            return []
        self._begun[row.invocation] = None
        if len(self._begun) > MAX_BEGUN:
            self._begun.popitem(last=False)
        return [self._record(row, time, msg=f"new webtask request {row.invocation}")]

    def _record(self, row: LogLine | Invocation, time: datetime, *, msg: str, level: int = 30) -> Entry:
        name = row.webtask.name if row.webtask else "adhoc"
        own = {"req_id": row.invocation} if row.invocation else {}
        return self._entry(name, time, level=level, msg=msg) | own | {"version": row.label}

    def _entry(self, name: str, time: datetime, *, level: int, msg: str) -> Entry:
        # The fields that bunyan's own tools ask for, in its order.
        origin = {"name": name, "hostname": self._team, "pid": 0}
        return {**origin, "level": level, "msg": msg, "time": instant(time), "v": 0, "container": self._team}
