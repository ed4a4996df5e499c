"""What a webtask did that only an attack does, as it travels to the console."""

from dataclasses import dataclass
from typing import ClassVar

from executor.logs.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent(Record):
    """Why a worker was killed. `time` in epoch milliseconds; `text` is the line of its team's log.

    `kind` is "syscall" (`what` is its name, empty where it is not known), "architecture" (a system call of
    another one) or "protocol" (`what` was wrong with its frames). `invocation` is empty when several were open.
    """

    KEY: ClassVar[str] = "events"

    invocation: str
    time: float
    kind: str
    what: str
    text: str

    @property
    def size(self) -> int:
        return len(self.what) + len(self.text)
