"""By which name people are told of each other where they meet: at a webtask, some of its team, some of others.

A name is for everybody who may see the code. An address is not: only who is on the team knows those of the team.
"""

from dataclasses import dataclass
from typing import Self, TypedDict

from console.accounts.models import Member, Team, User
from console.accounts.principals import Principal
from console.webtasks.models import Draft
from console.webtasks.shapes import instant


class PersonShape(TypedDict):
    id: int
    name: str


class DraftSummary(TypedDict):
    """Of a saved draft, anybody's; `size` in bytes, with its files."""

    person: PersonShape
    own: bool
    base: int | None
    saved_at: str
    size: int


@dataclass(frozen=True, slots=True)
class Known:
    """A person, before it is known to whom they are named."""

    id: int
    name: str
    email: str
    member: bool

    @classmethod
    def of(cls, user: User, team: Team) -> Self:
        member = Member.objects.filter(team=team, user=user).exists()
        return cls(user.pk, user.name, user.email or "", member)

    def to(self, *, member: bool) -> PersonShape:
        """`member`: of the webtask's team."""
        address = self.email if member and self.member else ""
        nobody = "Somebody of the team" if self.member else "Somebody it is shared with"
        return {"id": self.id, "name": self.name or address or nobody}


def belongs(who: Principal, team: Team) -> bool:
    """Whether they are told what its members know of each other."""
    return isinstance(who.user, User) and Member.objects.filter(team=team, user=who.user).exists()


def draft_summary(draft: Draft, who: Principal) -> DraftSummary:
    """As it is told to somebody who may see the code."""
    team = draft.webtask.team
    return {
        "person": Known.of(draft.user, team).to(member=belongs(who, team)),
        "own": draft.user == who.user,
        "base": draft.base,
        "saved_at": instant(draft.saved_at),
        "size": sum(len(text.encode()) for text in (draft.code, *draft.files.values())),
    }
