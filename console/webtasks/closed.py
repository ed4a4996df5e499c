"""What a token takes with it when it is revoked."""

from collections.abc import Iterator
from dataclasses import dataclass

from console.accounts.models import Token
from console.webtasks.models import Webtask

_PART = 1000


@dataclass(frozen=True, slots=True)
class Closed:
    """The webtasks whose URL stands for it or for one that descends from it, the containers of those that descend from it
    and, of those that are no one container's, the ids."""

    webtasks: list[Webtask]
    teams: set[str]
    strays: list[str]


def closed_by(jti: str) -> Closed:
    closed = Closed(_stand_for([jti]), set(), [])
    for children in _descendants(jti):
        closed.webtasks.extend(_stand_for([child.jti for child in children]))
        for child in children:
            if child.team:
                closed.teams.add(child.team.slug)
            else:
                closed.strays.append(child.jti)
    return closed


def _stand_for(jtis: list[str]) -> list[Webtask]:
    return list(Webtask.objects.select_related("team").filter(token__in=jtis))


def _descendants(jti: str) -> Iterator[list[Token]]:
    """By parts: a database takes so many values in one question."""
    issued, young = Token.objects.select_related("team").defer("code"), [jti]
    while young:
        part, young = young[:_PART], young[_PART:]
        children = list(issued.filter(parent__in=part))
        for first in range(0, len(children), _PART):
            yield children[first : first + _PART]
        young += [child.jti for child in children]
