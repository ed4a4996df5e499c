"""The assembler against the rules it was given, by a small interpreter of its programs."""

import errno
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executor.runtimes import node
from executor.sandbox import seccomp
from executor.sandbox.refusals import DEADLY, FORBIDDEN
from executor.sandbox.rules import (
    ALLOW,
    BOTH_WORDS,
    KILL,
    SEAL,
    Case,
    Kind,
    Match,
    Rule,
    Verdict,
    by_name,
    refuse,
)
from executor.sandbox.syscalls import NUMBERS

X86_64, I386 = 0xC000003E, 0x40000003
MOST_INSTRUCTIONS = 4096
ACTIONS = {0x7FFF0000: ALLOW, 0x80000000: KILL, 0x7FC00000: SEAL}


def run(program: bytes, number: int, arguments: tuple[int, ...], machine: int = X86_64) -> Verdict:
    """What the kernel would answer, following its description of classic BPF."""
    data = struct.pack("=iIQ6Q", number if number < 1 << 31 else number - (1 << 32), machine, 0, *arguments)
    at, accumulator = 0, 0
    while True:
        code, then, otherwise, operand = struct.unpack_from("=HBBI", program, at * 8)
        at += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, operand)
            case 0x54:
                accumulator &= operand
            case 0x05:
                at += operand
            case 0x15:
                at += then if accumulator == operand else otherwise
            case 0x35:
                at += then if accumulator >= operand else otherwise
            case 0x06:
                return ACTIONS.get(operand) or refuse(operand & 0xFFFF)
            case _:
                raise AssertionError(f"the kernel refuses instruction {code:#x}")


def judged(rule: Rule, arguments: tuple[int, ...]) -> Verdict:
    """What the rule says, read as it is written."""
    for case in rule.cases:
        if all(arguments[it.argument] & it.mask in it.values for it in case.matches):
            return case.verdict
    return rule.verdict


words = st.integers(0, 2**64 - 1) | st.integers(0, 70)
verdicts = st.sampled_from([ALLOW, KILL, SEAL, refuse(errno.EPERM), refuse(errno.EACCES)])
narrow = st.builds(
    lambda argument, mask, values: Match(argument, tuple(value & mask for value in values), mask),
    st.integers(0, 5),
    st.sampled_from([0xFFFFFFFF, 0xF, 0x7E020000, 0x2F]),
    st.lists(st.integers(0, 70), min_size=1, max_size=12, unique=True),
)
wide = st.builds(lambda argument, value: Match(argument, (value,), BOTH_WORDS), st.integers(0, 5), words)
cases = st.builds(Case, st.lists(narrow | wide, min_size=1, max_size=4).map(tuple), verdicts)
names = st.sampled_from(sorted(NUMBERS))


@st.composite
def tables(draw):
    chosen = draw(st.lists(names, min_size=1, max_size=60, unique=True))
    return [
        Rule((name,), draw(verdicts), "drawn", tuple(draw(st.lists(cases, max_size=4)))) for name in chosen
    ]


@settings(max_examples=60, deadline=None, database=None)
@given(tables(), st.lists(st.tuples(*[words] * 6), min_size=1, max_size=4))
def test_every_call_meets_its_rule_and_every_other_one_the_default(table, tries):
    program = seccomp.assemble(table, unknown=refuse(errno.EL2HLT))
    rules = by_name(table)
    for arguments in tries:
        for name, number in NUMBERS.items():
            wanted = judged(rules[name], arguments) if name in rules else refuse(errno.EL2HLT)
            assert run(program, number, arguments) == wanted, name


@pytest.mark.parametrize("number", [0x40000000, 0x40000000 + 39, 0x7FFFFFFF, 0xFFFFFFFF])
def test_numbers_of_another_convention_kill(number):
    assert run(seccomp.assemble([Rule(("getpid",), ALLOW, "")], unknown=ALLOW), number, (0,) * 6) == KILL


def test_calls_of_another_machine_kill():
    program = seccomp.assemble([Rule(("getpid",), ALLOW, "")], unknown=ALLOW)
    assert run(program, NUMBERS["getpid"], (0,) * 6, I386) == KILL


def test_garbage_above_a_32_bit_argument_changes_nothing():
    program = seccomp.assemble(node.policy(Path("/")).rules)
    garbage = 0xDEADBEEF << 32
    assert run(program, NUMBERS["ioctl"], (0, garbage | 0x5412, 0, 0, 0, 0)) == refuse(errno.ENOTTY)
    assert run(program, NUMBERS["clone"], (garbage | 17, 0, 0, 0, 0, 0)) == refuse(errno.EPERM)
    assert run(program, NUMBERS["prlimit64"], (0, 7, 1 << 40, 0, 0, 0)) == refuse(errno.EPERM)


def test_two_rules_for_a_call_are_a_mistake_of_the_policy():
    with pytest.raises(ValueError, match="system call 'getpid' has two rules: 'one' and 'two'"):
        by_name([Rule(("getpid",), ALLOW, "one"), Rule(("getpid",), KILL, "two")])


def test_several_values_of_64_bits_are_refused():
    case = Case((Match(0, (1, 2), BOTH_WORDS),), ALLOW)
    with pytest.raises(ValueError, match="takes one value"):
        seccomp.assemble([Rule(("getpid",), KILL, "", (case,))])


def test_every_rule_has_a_reason_and_a_known_verdict():
    for rule in (*DEADLY, *FORBIDDEN):
        assert rule.reason
        assert set(rule.names) <= NUMBERS.keys()
    assert {rule.verdict for rule in DEADLY} == {KILL}
    assert {rule.verdict.kind for rule in FORBIDDEN} == {Kind.ERRNO}
