"""How a hostile program ended, and whether that is how it must end."""

import signal
from dataclasses import dataclass
from typing import Self

from executor.sandbox.sandbox import Exit

# What V8, C++ and JavaScript say. Some programs have no memory left for their last words.
_MEMORY_MARKS = ("out of memory", "bad_alloc", "Failed to reserve", "RangeError")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`said` and `complained` are its standard output and error; `syscall` the deadly call.

    `hung` when it neither ended nor said that it had "started" something without end.
    """

    code: int | None
    signal: int | None
    out_of_memory: bool
    said: str
    complained: str
    syscall: str | None = None
    hung: bool = False

    @classmethod
    def of(cls, ended: Exit, said: str, complained: str, *, hung: bool = False) -> Self:
        return cls(
            code=ended.code,
            signal=ended.signal,
            out_of_memory=ended.out_of_memory,
            said=said,
            complained=complained,
            syscall=ended.syscall,
            hung=hung,
        )

    def __str__(self) -> str:
        if self.hung:
            return "hung"
        if self.code == 0:
            return f"printed {self.said.strip()[:200]}"
        if self.out_of_memory or self._complains_of_memory:
            return "ran out of memory"
        if self.syscall is not None:
            return f"died of {self.syscall}"
        if self.signal is not None:
            return f"died by {signal.Signals(self.signal).name}"
        return f"exited with {self.code}"

    @property
    def _complains_of_memory(self) -> bool:
        return any(mark in self.complained for mark in _MEMORY_MARKS)

    def meets(self, expected: str) -> bool:
        """`expected` as in a program's first line."""
        match expected.split(" ", 2):
            case ["print", *_]:
                met = (self.code, f"print {self.said.strip()}".strip()) == (0, expected)
            case ["die", "by", name]:
                met = self.signal == signal.Signals[name]
            case ["die", "of", name]:
                # Without the layer "seal" nobody can say which call it was.
                met = self.signal == signal.SIGSYS and self.syscall in {name, None}
            case ["be", "killed"]:
                met = self.signal == signal.SIGKILL
            case _:
                met = self.code != 0 and (self.out_of_memory or self._complains_of_memory)
        return met and not self.hung
