"""What a page has been sent of one webtask's versions, and what comes next; read from the database, as watch is.

A topic of its own, because the log's is for whoever may see logs: who may see the code and no logs works with versions as well.
"""

from dataclasses import dataclass
from typing import Self

from console.accounts.needs import action_of, needs
from console.accounts.principals import Principal
from console.accounts.roles import Action
from console.live.watch import PAGE, News, SignedOut, parted
from console.webtasks.access import access_versions, access_webtask
from console.webtasks.events import group_of_versions
from console.webtasks.models import Webtask
from console.webtasks.shapes import version_summary

KIND = "versions"


@dataclass(slots=True)
class VersionsWatch:
    """`seq` is the number of the last version sent."""

    topic: str
    team: str
    name: str
    webtask: int
    seq: int

    @property
    def group(self) -> str:
        return group_of_versions(self.webtask)

    @classmethod
    def open(cls, who: Principal | None, topic: str, since: int | None) -> Self:
        """Raises SignedOut, Problem."""
        team, name = parted(topic, KIND)
        webtask = versioned(who, team, name)
        # The live one comes in any case: after a restored backup a page may know a later one than we, and take that for live.
        before = max(webtask.live.number - 1, 0) if webtask.live else 0
        return cls(topic, team, name, webtask.pk, before if since is None else min(since, before))

    def read(self, who: Principal | None) -> News:
        """What is new, oldest first, and moves on past it. Raises SignedOut, Problem."""
        webtask = versioned(who, self.team, self.name)
        found = list(access_versions(webtask).filter(number__gt=self.seq).order_by("number")[:PAGE])
        self.seq = found[-1].number if found else self.seq
        news = News(more=len(found) == PAGE)
        news.tell(
            "versions", [version_summary(version, live=version.pk == webtask.live_id) for version in found]
        )
        return news


@needs(Action.CODE)
def versioned(who: Principal | None, team: str, name: str) -> Webtask:
    """Raises SignedOut, Absent, Forbidden."""
    if who is None:
        raise SignedOut
    return access_webtask(who, team, name, action_of(versioned))
