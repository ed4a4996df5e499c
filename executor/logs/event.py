"""What a webtask did that only an attack does, as it travels to the console."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from executor.logs.line import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent:
    """Why a worker was killed. `time` in epoch milliseconds; `text` is the line of its team's log.

    `kind` is "syscall" (`what` is its name, empty where it is not known), "architecture" (a system call of
    another one) or "protocol" (`what` was wrong with its frames). `invocation` is empty when several were open.
    """

    KEY: ClassVar[str] = "events"

    origin: Origin
    invocation: str
    time: float
    kind: str
    what: str
    text: str

    def to_json(self) -> dict[str, Any]:
        own = asdict(self)
        return {**own.pop("origin"), **own}

    @property
    def size(self) -> int:
        return len(self.what) + len(self.text)
