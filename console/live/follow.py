"""What a client of the log stream has been told of its team's log, and what comes next.

As in watch.py, doorbells say only that there may be news; what is told is read from the database after the last row told.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from django.utils import timezone

from console.accounts.bearers import bearer_of, require_method
from console.accounts.needs import action_of, needs
from console.accounts.roles import Action
from console.live.bunyan import Entry, Teller
from console.live.pattern import BadPattern, Pattern
from console.problems import Forbidden, Invalid
from console.webtasks import logs

PAGE = 500
# A client further behind than this is told the newest PAGE lines and how many it missed.
MAX_BEHIND = 2000
MAX_SEARCHED = 2000
MAX_NUMBER = 2**31
# Of a processor, in one minute and for one team: so much may be spent on choosing.
SEARCH_SECONDS = 3.0
WINDOW_SECONDS = 60.0

_spent: dict[int, tuple[float, float]] = {}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the query asks for: at most `most` messages, the end after `silence` seconds, `pattern` in each or in none."""

    most: int | None = None
    silence: float | None = None
    pattern: Pattern | None = None
    negated: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Raises Invalid."""
        milliseconds = _number(query, "timeout")
        text = query.get("f.msg", "")
        negated = text.startswith("!") and not text.startswith("!!")
        try:
            pattern = Pattern.of(text.removeprefix("!")) if text else None
        except BadPattern as error:
            raise Invalid(f"f.msg: {error}") from None
        silence = None if milliseconds is None else milliseconds / 1000
        return cls(_number(query, "max"), silence, pattern, negated)

    def wants(self, entry: Entry) -> bool:
        return self.pattern is None or self.pattern.found_in(entry["msg"][:MAX_SEARCHED]) != self.negated


@dataclass(slots=True)
class News:
    entries: list[Entry]
    more: bool = False
    # The stream ends here.
    over: bool = False


@dataclass(slots=True)
class Follow:
    team: int
    slug: str
    wish: Wish
    _presented: str
    _teller: Teller
    _line: int = field(default_factory=logs.last_seq)
    _invocation: int = field(default_factory=logs.last_invocation_of_all)

    @classmethod
    def open(cls, slug: str, presented: str, wish: Wish) -> Self:
        """From now on. Raises Forbidden."""
        return cls(allowed(slug, presented), slug, wish, presented, Teller(slug))

    def still_allowed(self) -> bool:
        try:
            return allowed(self.slug, self._presented) == self.team
        except Forbidden:
            return False

    def read(self) -> News:
        """What is new, and moves on past it."""
        page = logs.team_lines_after(self.team, self._line, PAGE)
        left_out = self._left_out() if page.more else 0
        if left_out:
            page = logs.Page(logs.last_team_lines(self.team, PAGE), more=False)
            left_out -= len(page.lines)
        self._line = page.lines[-1].pk if page.lines else self._line
        # A request's end comes after its lines.
        invocations = [] if page.more else logs.team_invocations_after(self.team, self._invocation, PAGE)
        self._invocation = invocations[-1].pk if invocations else self._invocation
        news = News(self._teller.records(page.lines, invocations), more=page.more or len(invocations) == PAGE)
        if left_out:
            text = f"{left_out:,} lines are left out: they come faster than they are read"
            news.entries.insert(0, self._teller.note(text, timezone.now()))
        return news

    def _left_out(self) -> int:
        waiting = logs.team_lines_waiting(self.team, self._line)
        return waiting if waiting > MAX_BEHIND else 0

    def choose(self, news: News) -> News:
        """What of it the wish wants; the end, when it takes too long to find out. In a thread where time is to be had."""
        chosen = News([], more=news.more)
        left = _left_to_search(self.team)
        began = time.thread_time()
        for entry in news.entries:
            if time.thread_time() - began > left:
                text = "f.msg takes too long to match: the stream ends here"
                chosen = News([*chosen.entries, self._teller.note(text, timezone.now())], over=True)
                break
            if self.wish.wants(entry):
                chosen.entries.append(entry)
        _spend(self.team, time.thread_time() - began)
        return chosen


def _left_to_search(team: int) -> float:
    since, used = _spent.get(team, (0.0, 0.0))
    return SEARCH_SECONDS - used if time.monotonic() - since < WINDOW_SECONDS else SEARCH_SECONDS


def _spend(team: int, seconds: float) -> None:
    now = time.monotonic()
    since, used = _spent.get(team, (now, 0.0))
    if now - since >= WINDOW_SECONDS:
        since, used = now, 0.0
    _spent[team] = since, used + seconds


@needs(Action.LOGS)
def allowed(slug: str, presented: str) -> int:
    """The id of the team whose log a token may read, or a person who signed in. Raises Forbidden."""
    bearer = bearer_of(presented)
    require_method(bearer, "GET")
    if "jtn" in bearer.claims or "jtnm" in bearer.claims:
        # It is for one webtask or a few, and whoever is trusted with no more is given it.
        raise Forbidden(f"not authorized to perform operation on tenant `{slug}`")
    return bearer.team(slug, action_of(allowed)).pk


def _number(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:12]) < MAX_NUMBER:
        raise Invalid(f"{name}={text[:40]!r}: write a whole number from 1")
    return int(text)
