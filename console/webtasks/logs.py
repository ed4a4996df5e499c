"""Reads of what webtasks said, in the order it was stored."""

from dataclasses import dataclass

from django.db.models import QuerySet

from console.webtasks.models import EgressCall, Invocation, LogLine, Tally, Webtask

# Characters of text in a page of a team's lines.
MAX_PAGE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[LogLine]
    more: bool


def lines_after(webtask: Webtask, after: int, limit: int) -> Page:
    """Oldest first."""
    found = list(LogLine.objects.filter(webtask=webtask, id__gt=after).order_by("id")[: limit + 1])
    return Page(found[:limit], len(found) > limit)


def last_lines(webtask: Webtask, limit: int) -> list[LogLine]:
    """Oldest first."""
    return list(LogLine.objects.filter(webtask=webtask).order_by("-id")[:limit])[::-1]


def lines_waiting(webtask: Webtask, after: int) -> int:
    return LogLine.objects.filter(webtask=webtask, id__gt=after).count()


def last_seq() -> int:
    """Of all lines of all webtasks: what is stored later is greater."""
    last = LogLine.objects.order_by("-id").values_list("id", flat=True).first()
    return last or 0


def invocations_after(webtask: Webtask, after: int, limit: int) -> list[Invocation]:
    return list(Invocation.objects.filter(webtask=webtask, id__gt=after).order_by("id")[:limit])


def last_invocation(webtask: Webtask) -> int:
    last = Invocation.objects.filter(webtask=webtask).order_by("-id").values_list("id", flat=True).first()
    return last or 0


def thinned_after(webtask: Webtask, after: int, limit: int) -> list[Tally]:
    """Of windows in which requests were counted only."""
    found = Tally.objects.filter(webtask=webtask, id__gt=after, thinned__gt=0)
    return list(found.order_by("id")[:limit])


def last_tally(webtask: Webtask) -> int:
    last = Tally.objects.filter(webtask=webtask).order_by("-id").values_list("id", flat=True).first()
    return last or 0


def calls_before(webtask: Webtask, *, invocation: str, before: int | None, limit: int) -> list[EgressCall]:
    """Newest first; of one invocation, or of all with ""."""
    found = EgressCall.objects.filter(webtask=webtask).order_by("-id")
    if invocation:
        found = found.filter(invocation=invocation)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found[:limit])


def calls_after(webtask: Webtask, after: int, limit: int) -> list[EgressCall]:
    return list(EgressCall.objects.filter(webtask=webtask, id__gt=after).order_by("id")[:limit])


def last_call(webtask: Webtask) -> int:
    last = EgressCall.objects.filter(webtask=webtask).order_by("-id").values_list("id", flat=True).first()
    return last or 0


# -- all that a team's code said, ad-hoc code's too --------------------------------------------------------


def team_lines_after(team: int, after: int, limit: int) -> Page:
    """Oldest first."""
    found = (
        LogLine.objects.select_related("webtask").filter(team=team, id__gt=after).order_by("id")[: limit + 1]
    )
    lines = _as_much_as_fits(found)
    return Page(lines[:limit], len(lines) > limit or _size(lines) >= MAX_PAGE)


def last_team_lines(team: int, limit: int) -> list[LogLine]:
    """Oldest first."""
    found = LogLine.objects.select_related("webtask").filter(team=team).order_by("-id")[:limit]
    return _as_much_as_fits(found)[::-1]


def _as_much_as_fits(found: "QuerySet[LogLine]") -> list[LogLine]:
    """Who reads slowly keeps a page in our memory."""
    lines: list[LogLine] = []
    size = 0
    for line in found.iterator(chunk_size=50):
        lines.append(line)
        size += len(line.text)
        if size >= MAX_PAGE:
            break
    return lines


def _size(lines: list[LogLine]) -> int:
    return sum(len(line.text) for line in lines)


def team_lines_waiting(team: int, after: int) -> int:
    return LogLine.objects.filter(team=team, id__gt=after).count()


def team_invocations_after(team: int, after: int, limit: int) -> list[Invocation]:
    found = Invocation.objects.select_related("webtask").filter(team=team, id__gt=after)
    return list(found.order_by("id")[:limit])


def last_invocation_of_all() -> int:
    return Invocation.objects.order_by("-id").values_list("id", flat=True).first() or 0
