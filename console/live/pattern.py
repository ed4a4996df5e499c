"""Regular expressions that strangers send, matched in a time that grows with the text and no faster.

Python's own can be made to think for hours by forty characters. Here all ways through a pattern are walked at once
(Thompson, 1968); what cannot be walked so, backreferences and lookarounds, is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

MAX_PATTERN = 200
# Steps that a pattern may come to once its {counts} are written out, and groups within groups.
MAX_STEPS = 200
MAX_DEPTH = 20
# Of what was found and is kept, in steps: about a megabyte.
MAX_KEPT = 20_000

_ATOM = re.compile(
    r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^0-9a-zA-Z]|[dDsSwWnrtfv])|[^\\\[\]()|*+?^$]",
    re.DOTALL,
)
_COUNT = re.compile(r"\{(\d{1,3})(,?)(\d{0,3})\}")

Found = TypeVar("Found")


class BadPattern(ValueError):
    """The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Step:
    """Takes one character; or leads on to all of `ways`, counted from itself, if it is where `assertion` says."""

    takes: Callable[[str], Any] | None = None
    ways: tuple[int, ...] = ()
    assertion: str = ""


@dataclass(slots=True)
class Pattern:
    steps: list[Step]
    # What was found once is kept: a log's lines are much alike.
    _closures: dict[Any, tuple[bool, frozenset[int]]] = field(default_factory=dict)
    _moves: dict[Any, frozenset[int]] = field(default_factory=dict)
    _weight: int = 0

    @classmethod
    def of(cls, text: str) -> "Pattern":
        """Raises BadPattern."""
        if len(text) > MAX_PATTERN:
            raise BadPattern(f"it has more than {MAX_PATTERN} characters")
        return cls(_Parser(text).whole())

    def found_in(self, text: str) -> bool:
        kernel: frozenset[int] = frozenset()
        for at in range(len(text) + 1):
            over, waiting = self._closure(kernel | {0}, at == 0, at == len(text))
            if over:
                return True
            if at < len(text):
                kernel = self._move(waiting, text[at])
        return False

    def _closure(self, kernel: frozenset[int], first: bool, last: bool) -> tuple[bool, frozenset[int]]:
        """What is reached without reading on: whether that is the pattern's end, and the steps that take a character."""
        key = (kernel, first, last)
        if (known := self._closures.get(key)) is not None:
            return known
        seen, todo = set(kernel), list(kernel)
        while todo:
            at = todo.pop()
            step = self.steps[at] if at < len(self.steps) else Step()
            if (step.assertion == "^" and not first) or (step.assertion == "$" and not last):
                continue
            fresh = {at + way for way in step.ways} - seen
            seen |= fresh
            todo += fresh
        end = len(self.steps)
        waiting = frozenset(at for at in seen if at < end and self.steps[at].takes is not None)
        return self._keep(self._closures, key, (end in seen, waiting), len(kernel) + len(waiting))

    def _move(self, waiting: frozenset[int], character: str) -> frozenset[int]:
        key = (waiting, character)
        if (known := self._moves.get(key)) is not None:
            return known
        steps = ((at, self.steps[at].takes) for at in waiting)
        moved = frozenset(at + 1 for at, takes in steps if takes and takes(character))
        return self._keep(self._moves, key, moved, len(waiting) + len(moved))

    def _keep(self, known: dict[Any, Found], key: Any, value: Found, weight: int) -> Found:
        # An empty set is an object, too.
        self._weight += weight + 5
        if self._weight > MAX_KEPT:
            self._closures.clear()
            self._moves.clear()
            self._weight = 0
        known[key] = value
        return value


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> list[Step]:
        steps = self._alternatives()
        if self._at < len(self._text):
            raise BadPattern(f"what does {self._text[self._at]!r} at {self._at} close?")
        return steps

    def _alternatives(self) -> list[Step]:
        steps = self._sequence()
        while self._eat("|"):
            other = self._sequence()
            steps = [Step(ways=(1, len(steps) + 2)), *steps, Step(ways=(len(other) + 1,)), *other]
        return _bounded(steps)

    def _sequence(self) -> list[Step]:
        steps: list[Step] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            steps = _bounded(steps + self._repeated(self._one()))
        return steps

    def _one(self) -> list[Step]:
        if self._eat("("):
            return self._group()
        for mark in "^$":
            if self._eat(mark):
                return [Step(ways=(1,), assertion=mark)]
        atom = _ATOM.match(self._text, self._at)
        if atom is None:
            raise BadPattern(f"{self._text[self._at : self._at + 2]!r} at {self._at} is not understood")
        self._at = atom.end()
        try:
            return [Step(takes=re.compile(atom[0]).fullmatch)]
        except re.error as error:
            raise BadPattern(f"{atom[0]!r}: {error}") from None

    def _group(self) -> list[Step]:
        self._eat("?:")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadPattern("its groups are nested too deep")
        steps = self._alternatives()
        self._depth -= 1
        if not self._eat(")"):
            raise BadPattern("a group is not closed")
        return steps

    def _repeated(self, steps: list[Step]) -> list[Step]:
        size = len(steps)
        if self._eat("*"):
            steps = [Step(ways=(1, size + 2)), *steps, Step(ways=(-size - 1,))]
        elif self._eat("+"):
            steps = [*steps, Step(ways=(-size, 1))]
        elif self._eat("?"):
            steps = [Step(ways=(1, size + 1)), *steps]
        elif count := _COUNT.match(self._text, self._at):
            self._at = count.end()
            steps = self._counted(steps, count)
        else:
            return steps
        self._eat("?")  # lazy or greedy: whether there is a match is the same
        return steps

    def _counted(self, steps: list[Step], count: re.Match[str]) -> list[Step]:
        least, most = int(count[1]), int(count[3] or count[1])
        size = len(steps)
        _bounded(steps * max(least, most))
        rest = [Step(ways=(1, size + 1)), *steps] * (most - least)
        if count[2] and not count[3]:
            rest = [Step(ways=(1, size + 2)), *steps, Step(ways=(-size - 1,))]
        return steps * least + rest

    def _eat(self, mark: str) -> bool:
        there = self._text.startswith(mark, self._at)
        self._at += len(mark) if there else 0
        return there


def _bounded(steps: list[Step]) -> list[Step]:
    if len(steps) > MAX_STEPS:
        raise BadPattern("it repeats too much")
    return steps
