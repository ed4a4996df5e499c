"""How many system calls a policy lets through: a number that a test guards."""

from collections.abc import Iterable
from dataclasses import dataclass

from executor.sandbox.rules import ALLOW, Kind, Rule


@dataclass(frozen=True, slots=True)
class Counts:
    """System calls by what they meet. `checked` ones depend on their arguments; the sealed one works once."""

    allowed: int
    checked: int
    sealed: int
    refused: int
    deadly: int

    @property
    def total(self) -> int:
        """All that can reach the kernel's code beyond the filter."""
        return self.allowed + self.checked + self.sealed


def count(rules: Iterable[Rule]) -> Counts:
    """Calls of no rule are in no number: they are unknown, ENOSYS."""
    kinds = [_kind(rule) for rule in rules for _name in rule.names]
    return Counts(*(kinds.count(kind) for kind in ("allowed", "checked", "sealed", "refused", "deadly")))


def _kind(rule: Rule) -> str:
    if rule.verdict == ALLOW and not rule.cases:
        return "allowed"
    if rule.verdict == ALLOW or any(case.verdict == ALLOW for case in rule.cases):
        return "checked"
    return {Kind.NOTIFY: "sealed", Kind.ERRNO: "refused", Kind.KILL: "deadly"}[rule.verdict.kind]
