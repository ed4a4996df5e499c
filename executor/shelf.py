"""What may be had again, kept within a budget of bytes: when it is full, the team that holds most gives way."""

from collections import Counter
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Thing]):
    thing: Thing
    team: str
    size: int


class Shelf(Generic[Key, Thing]):
    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Key, _Kept[Thing]] = {}
        self._held: Counter[str] = Counter()

    def get(self, key: Key) -> Thing | None:
        kept = self._kept.get(key)
        return None if kept is None else kept.thing

    def put(self, key: Key, thing: Thing, *, team: str, size: int) -> None:
        """`size` in bytes; what is larger than all the budget is not kept."""
        self.drop(key)
        if size > self._most:
            return
        self._kept[key] = _Kept(thing, team, size)
        self._held[team] += size
        while self._held.total() > self._most:
            (greatest, _), *_others = self._held.most_common(1)
            self.drop(next(key for key, kept in self._kept.items() if kept.team == greatest))

    def drop(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._held[kept.team] -= kept.size
            if not self._held[kept.team]:
                del self._held[kept.team]

    def of_team(self, team: str) -> dict[Key, Thing]:
        return {key: kept.thing for key, kept in self._kept.items() if kept.team == team}
