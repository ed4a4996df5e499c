"""What travels to the console about a webtask: lines, invocations, calls to the outside, security events."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose record it is. `webtask` is None for ad-hoc code."""

    team: str
    webtask: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`KEY` names the list of a batch that it travels in."""

    KEY: ClassVar[str]

    origin: Origin

    @property
    def size(self) -> int:
        """Characters of text it brings along."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Flat: its origin beside its own fields, all of them plain. One is made for every request."""
        origin = self.origin
        # The slots of a subclass are its own fields; dataclasses.asdict() would copy each of them deeply.
        own = {name: getattr(self, name) for name in self.__slots__}
        return {"team": origin.team, "webtask": origin.webtask, "label": origin.label, **own}
