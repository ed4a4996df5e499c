"""From rules to a BPF program, and the program into the kernel."""

import ctypes
import errno
import itertools
import struct
from collections.abc import Iterable

from executor.sandbox import libc
from executor.sandbox.rules import LOW_WORD, Case, Kind, Match, Rule, Verdict, by_name, refuse
from executor.sandbox.syscalls import NUMBERS

_LOAD_WORD = 0x20
_JUMP = 0x05
_JUMP_IF_EQUAL = 0x15
_JUMP_IF_AT_LEAST = 0x35
_AND = 0x54
_RETURN = 0x06

_ARCHITECTURE_X86_64 = 0xC000_003E
_X32_BIT = 0x4000_0000
_OFFSET_NUMBER = 0
_OFFSET_ARCHITECTURE = 4
_OFFSET_ARGUMENTS = 16

_ACTION_ALLOW = 0x7FFF_0000
_ACTION_ERRNO = 0x0005_0000
_ACTION_KILL_PROCESS = 0x8000_0000
_ACTION_NOTIFY = 0x7FC0_0000

_SET_MODE_FILTER = 1
_NEW_LISTENER = 8

# (code, jump if true, jump if false, operand)
Instruction = tuple[int, int, int, int]
Program = list[Instruction]

# Unknown calls look like an old kernel: Node and glibc probe for new calls at start and fall back.
UNKNOWN = refuse(errno.ENOSYS)


def assemble(rules: Iterable[Rule], unknown: Verdict = UNKNOWN) -> bytes:
    """A filter that finds its rule by binary search over the numbers: about nine comparisons for 250 rules."""
    table = by_name(rules)
    segments: list[tuple[int, Program]] = [(0, _return(unknown))]
    for number, rule in sorted((NUMBERS[name], rule) for name, rule in table.items()):
        if segments[-1][0] == number:
            segments.pop()
        segments += [(number, _rule(rule)), (number + 1, _return(unknown))]
    segments.append((_X32_BIT, _return(Verdict(Kind.KILL))))
    program = [
        (_LOAD_WORD, 0, 0, _OFFSET_ARCHITECTURE),
        (_JUMP_IF_EQUAL, 1, 0, _ARCHITECTURE_X86_64),
        *_return(Verdict(Kind.KILL)),
        (_LOAD_WORD, 0, 0, _OFFSET_NUMBER),
        *_search(_merged(segments)),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _merged(segments: list[tuple[int, Program]]) -> list[tuple[int, Program]]:
    """Neighbours with the same answer become one segment."""
    merged = segments[:1]
    merged += [now for before, now in itertools.pairwise(segments) if before[1] != now[1]]
    return merged


def _search(segments: list[tuple[int, Program]]) -> Program:
    if len(segments) == 1:
        return segments[0][1]
    middle = len(segments) // 2
    left, right = _search(segments[:middle]), _search(segments[middle:])
    return _branch((_JUMP_IF_AT_LEAST, segments[middle][0]), right, left)


def _branch(test: tuple[int, int], then: Program, otherwise: Program) -> Program:
    """`otherwise` follows the test, `then` follows that. Conditional jumps reach 255 instructions, plain ones any."""
    code, operand = test
    if len(otherwise) <= 0xFF:
        return [(code, len(otherwise), 0, operand), *otherwise, *then]
    return [(code, 0, 1, operand), (_JUMP, 0, 0, len(otherwise)), *otherwise, *then]


def _return(verdict: Verdict) -> Program:
    match verdict.kind:
        case Kind.ALLOW:
            action = _ACTION_ALLOW
        case Kind.ERRNO:
            action = _ACTION_ERRNO | verdict.number
        case Kind.KILL:
            action = _ACTION_KILL_PROCESS
        case Kind.NOTIFY:
            action = _ACTION_NOTIFY
    return [(_RETURN, 0, 0, action)]


def _rule(rule: Rule) -> Program:
    """Cases one after the other; one that does not hold falls out at its end, the last of them here."""
    program: Program = []
    for case in rule.cases:
        program += _case(case)
    return program + _return(rule.verdict)


def _case(case: Case) -> Program:
    program = _return(case.verdict)
    for match in reversed(case.matches):
        for word in reversed(_words(match)):
            program = _match(word, len(program)) + program
    return program


def _words(match: Match) -> list[tuple[Match, int]]:
    """A match over 64 bits is two over 32; more than one value there would need an `or` of `and`s."""
    low = Match(match.argument, tuple(value & LOW_WORD for value in match.values), match.mask & LOW_WORD)
    if match.mask <= LOW_WORD:
        return [(low, 0)]
    if len(match.values) != 1:
        raise ValueError(f"a match over 64 bits takes one value, not {len(match.values)}")
    return [(low, 0), (Match(match.argument, (match.values[0] >> 32,), match.mask >> 32), 4)]


def _match(word: tuple[Match, int], rest: int) -> Program:
    """Goes on when a value fits, else jumps over the `rest` of the case."""
    match, offset = word
    program: Program = [(_LOAD_WORD, 0, 0, _OFFSET_ARGUMENTS + 8 * match.argument + offset)]
    if match.mask != LOW_WORD:
        program.append((_AND, 0, 0, match.mask))
    last = len(match.values)
    program += [(_JUMP_IF_EQUAL, last - index, 0, value) for index, value in enumerate(match.values)]
    return [*program, (_JUMP, 0, 0, rest)]


def install(program: bytes, *, listen: bool) -> int | None:
    """Needs no_new_privs. With `listen`, the descriptor on which sealed calls wait for an answer."""
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the count, six bytes of padding, the address.
    description = struct.pack("=H6xQ", len(program) // 8, ctypes.addressof(code))
    flags = _NEW_LISTENER if listen else 0
    result = libc.call("seccomp", _SET_MODE_FILTER, flags, description)
    return result if listen else None
