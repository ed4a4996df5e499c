"""One call of a webtask to the outside, as it travels to the console."""

from dataclasses import dataclass
from typing import ClassVar

from executor.logs.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressCall(Record):
    """A connection that is over, or was refused. `time` in epoch milliseconds, `ms` until its end.

    `host` is the name the webtask asked for, or the address where it asked for no name; `address` is what was
    dialled, empty when nothing was. `sent` and `received` are bytes as the webtask sees them. `invocation` is
    empty when nobody knows which request it belongs to.
    `verdict` is "allowed", "refused: <reason>" (a rule) or "failed: <reason>" (the network).
    """

    KEY: ClassVar[str] = "egress"

    invocation: str
    time: float
    ms: float
    host: str
    port: int
    address: str
    sent: int
    received: int
    verdict: str

    @property
    def size(self) -> int:
        return len(self.host) + len(self.verdict)
