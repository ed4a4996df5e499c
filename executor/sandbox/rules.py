"""What a system call meets: the vocabulary of a policy's seccomp table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

LOW_WORD = 0xFFFF_FFFF
BOTH_WORDS = 0xFFFF_FFFF_FFFF_FFFF


class Kind(Enum):
    ALLOW = "allow"
    ERRNO = "errno"
    KILL = "kill"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    number: int = 0


ALLOW = Verdict(Kind.ALLOW)
KILL = Verdict(Kind.KILL)
# The zygote answers: once it lets the call through, later it is ENOSYS (seal.py).
SEAL = Verdict(Kind.NOTIFY)


# Answered with success without being made: for what can have no effect inside, but would have one on the host.
PRETEND = Verdict(Kind.ERRNO)


def refuse(number: int) -> Verdict:
    return Verdict(Kind.ERRNO, number)


@dataclass(frozen=True, slots=True)
class Match:
    """True when `argument & mask` is one of `values`.

    The kernel reads most integer arguments as 32 bits; a wider comparison there would let
    garbage in the upper word slip past a rule.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = LOW_WORD


@dataclass(frozen=True, slots=True)
class Case:
    """`verdict` when every match holds."""

    matches: tuple[Match, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """The first case that holds decides; `verdict` when none does."""

    names: tuple[str, ...]
    verdict: Verdict
    reason: str
    cases: tuple[Case, ...] = ()

    def judge(self, arguments: Sequence[int]) -> Verdict:
        """What the kernel makes of it, for a call with these six arguments."""
        for case in self.cases:
            if all(arguments[it.argument] & it.mask in it.values for it in case.matches):
                return case.verdict
        return self.verdict


def by_name(rules: Iterable[Rule]) -> dict[str, Rule]:
    """One rule for each system call; a name ruled twice is a mistake in the policy."""
    table: dict[str, Rule] = {}
    for rule in rules:
        for name in rule.names:
            if name in table:
                raise ValueError(
                    f"system call '{name}' has two rules: '{table[name].reason}' and '{rule.reason}'"
                )
            table[name] = rule
    return table
