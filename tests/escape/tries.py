"""Calls that show what a policy makes of every system call there is, harmlessly: with arguments that mean nothing."""

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from executor.sandbox.rules import ALLOW, BOTH_WORDS, Case, Kind, Rule, Verdict, by_name, refuse
from executor.sandbox.syscalls import NAMES

# A kernel of today has some 470 calls; later ones are covered by the same default.
NUMBERS_TRIED = (*range(480), 511, 547, 1000, 4095, 0x3FFF_FFFF)
# By the x32 convention, and negative: the kernel knows most of them by another name, or not at all.
FOREIGN = (
    0x4000_0000,
    0x4000_003B,
    0x4000_0065,
    0x4000_0208,
    0x4000_0223,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFFF,
)
# They do not come back, and are tried one by one.
ENDING = {"exit", "exit_group", "rt_sigreturn"}
# uretprobe and uprobe pass every filter since Linux 6.14; from anywhere but their trampoline they are SIGILL.
BEYOND_FILTERS = {"uretprobe", "uprobe"}
UNKNOWN = refuse(errno.ENOSYS)

_NOTHING = (BOTH_WORDS,) * 6
# Arguments that some rule may not let through.
_OTHERS = (_NOTHING, (0,) * 6, (7,) * 6, (0x7E02_0011,) * 6, tuple(range(100, 106)))


@dataclass(frozen=True, slots=True)
class Try:
    number: int
    arguments: tuple[int, ...]
    verdict: Verdict
    # What the rule answers to arguments that it does not let through.
    otherwise: Verdict

    def fits(self, answer: str) -> bool:
        """Whether the answer, an error's name or "done", is the verdict's and not the filter's other one."""
        if self.verdict.kind is Kind.ERRNO:
            return answer == named(self.verdict)
        # The kernel itself may find EINVAL too.
        return answer not in {named(UNKNOWN), named(self.otherwise)} - {"EINVAL"}

    def __str__(self) -> str:
        return f"{NAMES.get(self.number, self.number)}({', '.join(map(hex, self.arguments[:4]))})"


def named(verdict: Verdict) -> str:
    return errno.errorcode.get(verdict.number, "done") if verdict.kind is Kind.ERRNO else "done"


def answered(rules: Sequence[Rule]) -> Iterator[Try]:
    """Every call that comes back, once for each thing that its rule may say."""
    table = by_name(rules)
    for number in NUMBERS_TRIED:
        name = NAMES.get(number, "")
        rule = table.get(name)
        if rule is None:
            if name not in BEYOND_FILTERS:
                yield Try(number, _NOTHING, UNKNOWN, UNKNOWN)
        elif name not in ENDING and rule.verdict.kind in {Kind.ALLOW, Kind.ERRNO}:
            yield from _of(number, rule)


def _of(number: int, rule: Rule) -> Iterator[Try]:
    for case in rule.cases:
        arguments = _fitting(case)
        yield Try(number, arguments, rule.judge(arguments), rule.verdict)
    outside = [arguments for arguments in _OTHERS if rule.judge(arguments) == rule.verdict]
    assert outside, f"no arguments are known that {rule.names} leaves to its last verdict"
    otherwise = UNKNOWN if rule.verdict == ALLOW else rule.verdict
    yield Try(number, outside[0], rule.verdict, otherwise)


def _fitting(case: Case) -> tuple[int, ...]:
    """The first value of each match, and nothing that means anything elsewhere."""
    arguments = list(_NOTHING)
    for match in case.matches:
        arguments[match.argument] = match.values[0]
    return tuple(arguments)
