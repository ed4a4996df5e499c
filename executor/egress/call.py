"""One attempt of a webtask to reach something, from its arrival to its record."""

from dataclasses import dataclass

from executor.egress.connection import Connection
from executor.logs.line import epoch_ms

ALLOWED = "allowed"


@dataclass(slots=True, eq=False)
class Call:
    """`source` is the port it comes from, by which the guest says which invocation made it; 0 for a lookup."""

    host: str
    port: int
    source: int
    invocation: str
    began: float
    address: str = ""
    connection: Connection | None = None

    @classmethod
    def begin(cls, host: str, port: int, *, source: int, invocation: str) -> "Call":
        return cls(host=host, port=port, source=source, invocation=invocation, began=epoch_ms())

    @property
    def where(self) -> str:
        return f"{_bracketed(self.host)}:{self.port}" if self.port else self.host


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
