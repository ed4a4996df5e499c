"""Somebody who tries everything, and what the table says they may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.test import Client

from console.accounts.roles import RIGHTS, TABLE, Action, Right, Role

TEAM_WIDE = frozenset(
    action for action in Action if action.split(".")[0] in ("team", "token") or action == Action.CREATE
)


@dataclass(frozen=True)
class Law:
    """The one table, or what becomes of it when a cell of it is flipped."""

    roles: Mapping[Role, frozenset[Action]] = field(default_factory=lambda: TABLE)
    rights: Mapping[Right, frozenset[Action]] = field(default_factory=lambda: RIGHTS)

    def flipped(self, who: Role | Right, action: Action) -> "Law":
        if isinstance(who, Role):
            return Law({**self.roles, who: self.roles[who] ^ {action}}, self.rights)
        return Law(self.roles, {**self.rights, who: self.rights[who] ^ {action}})


@dataclass(frozen=True)
class Key:
    """An API token as it was issued. `stands`: it has neither ended nor been revoked."""

    scopes: frozenset[Action]
    webtasks: frozenset[str] | None = None
    methods: frozenset[str] | None = None
    home: bool = True
    stands: bool = True


@dataclass(frozen=True)
class Walker:
    """`role` is that in acme; `rights` are held in acme/hello, as a member of a team in which one is `elsewhere`.

    Of whoever signed in with a token for acme/hello, `held` is all that they have.
    """

    name: str
    client: Client
    role: Role | None = None
    rights: frozenset[Right] = frozenset()
    elsewhere: Role | None = None
    key: Key | None = None
    held: frozenset[Action] | None = None
    user: int | None = None
    staff: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def signed_in(self) -> bool:
        return self.user is not None

    def in_team(self, law: Law) -> frozenset[Action] | None:
        """What they may in acme; None when it must be as if it were not there."""
        if self.role is None or (self.key and not self.key.home):
            return None
        return self._narrowed(law.roles[self.role])

    def with_webtask(self, name: str, law: Law) -> frozenset[Action] | None:
        """The same of one of its webtasks."""
        if self.held is not None:
            return self.held if name == "hello" else None
        if self.key and not (self.key.home and (self.key.webtasks is None or name in self.key.webtasks)):
            return None
        granted = self._granted(law) if name == "hello" else frozenset()
        own = self.in_team(law)
        if own is None:
            return self._narrowed(granted) if granted else None
        return own | self._narrowed(granted)

    def _granted(self, law: Law) -> frozenset[Action]:
        granted = union(law.rights[right] for right in self.rights)
        return granted & law.roles[self.elsewhere] if self.elsewhere else granted

    def _narrowed(self, actions: frozenset[Action]) -> frozenset[Action]:
        if self.key is None:
            return actions
        left = actions & self.key.scopes
        return left if self.key.webtasks is None else left - (TEAM_WIDE - {Action.OWN_TOKEN})


def union(sets: Iterable[frozenset[Action]]) -> frozenset[Action]:
    return frozenset[Action]().union(*sets)
