"""The seccomp table, call by call: what it says is what happens."""

import errno
import signal

import pytest

from executor.runtimes import python
from executor.sandbox.refusals import DEADLY, FORBIDDEN
from executor.sandbox.rules import by_name
from executor.sandbox.syscalls import NUMBERS
from tests.escape import arena

DEADLY_NAMES = sorted(by_name(DEADLY))
TRY_ALL = """
from executor.attacks.guest.attack import call, say

say(*sorted({{call(number, 0, 0, 0, 0, 0, 0) for number in {numbers}}}))
"""
# A kernel of today has some 470 calls; later ones are covered by the same default.
HIGHEST = 480
# uretprobe and uprobe pass every filter since Linux 6.14; from anywhere but their trampoline they are SIGILL.
BEYOND_FILTERS = {335, 336}


def numbers(rules):
    return {NUMBERS[name] for name in by_name(rules)}


def said(person, source):
    outcome = person.run(arena.fight, data=person.data, language="py", source=source)
    return outcome.said.split() or outcome


@pytest.mark.parametrize("name", DEADLY_NAMES)
def test_a_deadly_call_kills(person, name):
    source = f"from executor.attacks.guest.attack import call\ncall({NUMBERS[name]}, 0, 0, 0, 0, 0, 0)"
    outcome = person.run(arena.fight, data=person.data, language="py", source=source)
    assert outcome.signal == signal.SIGSYS, outcome


def test_every_forbidden_call_is_refused(person):
    assert said(person, TRY_ALL.format(numbers=sorted(numbers(FORBIDDEN)))) == ["ENOTSUP", "EPERM"]


def test_every_call_of_no_rule_is_unknown(person):
    ruled = numbers(python.policy(person.data).rules)
    unruled = sorted(set(range(HIGHEST)) - ruled - BEYOND_FILTERS)
    assert len(unruled) > 150
    assert said(person, TRY_ALL.format(numbers=unruled)) == [errno.errorcode[errno.ENOSYS]]
