"""One page's knowledge of who else has the same webtask open.

Nothing is stored: each page says of itself where it is to all others of the webtask, when it comes, when that changes
and at every pulse; who comes asks, and each answers. So a keystroke is no write, nothing is left to clear away after a
process that died, every channel layer will do, and what a lost message cost is made good by the next pulse. A row for
each page would need all three: writes, a sweep, and a doorbell all the same.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self, TypedDict

from console.accounts.needs import action_of, needs
from console.accounts.principals import Principal
from console.accounts.roles import Action
from console.live.watch import Malformed, SignedOut, parted
from console.webtasks.access import access_webtask, allowed_with
from console.webtasks.company import Known, PersonShape, belongs
from console.webtasks.models import Webtask

# Of one person at one webtask, in this process: each is told of by all the others.
MAX_PAGES = 20
# More than a page remembers; the rest it does not show.
MAX_OTHERS = 100
MAX_LINE = 1_000_000
# Two pulses and a half: one may be lost.
SILENCE_SECONDS = 75.0

_open: Counter[tuple[int, int]] = Counter()


class PresentShape(PersonShape):
    """`line` is None for whoever is not editing, or does not say where; `file` is None for the code itself."""

    editing: bool
    line: int | None
    file: str | None


class Said(TypedDict):
    """What one page says of itself to the others, within the console; a page that leaves has no `known`."""

    channel: str
    known: tuple[int, str, str, bool] | None
    editing: bool
    line: int | None
    file: str | None


@dataclass(slots=True)
class Presence:
    topic: str
    team: str
    name: str
    # The webtask and the person, by number.
    place: tuple[int, int]
    known: Known
    # Whether they are told what the team's members know of each other.
    member: bool
    may_edit: bool
    editing: bool = False
    line: int | None = None
    file: str | None = None
    others: dict[str, tuple[Said, float]] = field(default_factory=dict)
    # When it last said something to the others, and to its own page; what it is about to.
    done: dict[str, float] = field(default_factory=dict)
    due: set[str] = field(default_factory=set)

    @property
    def webtask(self) -> int:
        return self.place[0]

    @property
    def group(self) -> str:
        return f"people.{self.webtask}"

    @classmethod
    def open(cls, who: Principal | None, topic: str) -> Self:
        """Raises SignedOut, Problem. Whatever comes of it, `close` ends it."""
        team, name = parted(topic)
        webtask = present(who, team, name)
        assert who is not None
        standing = _standing(who, webtask)
        place = webtask.pk, standing[0].id
        if _open[place] >= MAX_PAGES:
            raise Malformed(f"You have {MAX_PAGES} pages of “{webtask}” open: the others see those alone.")
        _open[place] += 1
        return cls(topic, team, name, place, *standing)

    def close(self) -> None:
        _open[self.place] -= 1
        if not _open[self.place]:
            del _open[self.place]

    def check(self, who: Principal | None) -> None:
        """That they still may see the code, and by which name they are called. Raises SignedOut, Problem."""
        webtask = present(who, self.team, self.name)
        assert who is not None
        self.known, self.member, self.may_edit = _standing(who, webtask)

    def told(self, *, editing: bool, line: int | None, file: str | None) -> bool:
        """By its own page. Whether it is another place than before."""
        before = self.editing, self.line, self.file
        self.editing, self.line, self.file = editing, line, file
        return before != (editing, line, file)

    def says(self, channel: str) -> Said:
        editing = self.editing and self.may_edit
        known = (self.known.id, self.known.name, self.known.email, self.known.member)
        return {
            "channel": channel,
            "known": known,
            "editing": editing,
            "line": self.line if editing else None,
            "file": self.file if editing else None,
        }

    def hear(self, said: Said, now: float) -> bool:
        """Whether there is something new to show."""
        channel = said["channel"]
        before = self.others.get(channel)
        if said["known"] is None:
            return self.others.pop(channel, None) is not None
        if before is None and len(self.others) >= MAX_OTHERS:
            return False
        self.others[channel] = said, now
        return before is None or before[0] != said

    def forget_silent(self, now: float) -> bool:
        """Pages whose process ended without a word. Whether there were any."""
        silent = [channel for channel, (_, heard) in self.others.items() if now - heard > SILENCE_SECONDS]
        for channel in silent:
            del self.others[channel]
        return bool(silent)

    def people(self) -> list[PresentShape]:
        """Each once, with the page in which they are editing; not who is at this one."""
        found: dict[int, PresentShape] = {}
        for said, _ in self.others.values():
            assert said["known"] is not None
            known = Known(*said["known"])
            if known.id == self.known.id or (known.id in found and not said["editing"]):
                continue
            name = known.to(member=self.member)["name"]
            found[known.id] = {
                "id": known.id,
                "name": name,
                "editing": said["editing"],
                "line": said["line"],
                "file": said["file"],
            }
        return sorted(found.values(), key=lambda one: (one["name"], one["id"]))


@needs(Action.CODE)
def present(who: Principal | None, team: str, name: str) -> Webtask:
    """Raises SignedOut, Absent, Forbidden."""
    if who is None:
        raise SignedOut
    return access_webtask(who, team, name, action_of(present))


def _standing(who: Principal, webtask: Webtask) -> tuple[Known, bool, bool]:
    user: Any = who.user
    may_edit = Action.EDIT in allowed_with(who, webtask)
    return Known.of(user, webtask.team), belongs(who, webtask.team), may_edit
