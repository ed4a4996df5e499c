"""Every system call there is, tried from inside: what answers anything but its policy's verdict is a hole."""

import signal

import pytest

from executor.runtimes import node, python
from executor.sandbox.refusals import DEADLY
from executor.sandbox.rules import by_name
from executor.sandbox.sandbox import FOREIGN as FOREIGN_NAME
from executor.sandbox.syscalls import NUMBERS
from tests.escape import arena, tries

POLICIES = {"node": node.policy, "python": python.policy}
TRY_ALL = """
from executor.attacks.guest.attack import call, say

say(*[call(number, *arguments) for number, arguments in {tries}])
"""
TRY_ONE = """
from executor.attacks.guest.attack import call, say

say(call({number}, *{arguments}))
"""
KILLED = {NUMBERS[name]: name for name in by_name(DEADLY)} | dict.fromkeys(tries.FOREIGN, FOREIGN_NAME)
ENDS = {"exit": (3, None), "exit_group": (3, None), "rt_sigreturn": (None, signal.SIGSEGV)}


def fight(person, walls, source):
    return person.run(arena.fight, data=person.data, language="py", source=source, walls=walls)


@pytest.mark.parametrize("walls", POLICIES)
def test_every_call_that_comes_back_meets_its_verdict(person, walls):
    tried = list(tries.answered(POLICIES[walls](person.data).rules))
    assert len(tried) > 450
    source = TRY_ALL.format(tries=[(it.number, it.arguments) for it in tried])
    outcome = fight(person, walls, source)
    answers = outcome.said.split()
    assert len(answers) == len(tried), outcome
    assert {str(it): answer for it, answer in zip(tried, answers, strict=True) if not it.fits(answer)} == {}


@pytest.mark.parametrize("walls", POLICIES)
def test_every_deadly_call_kills_and_is_named(person, walls):
    wrong = {}
    for number, name in KILLED.items():
        outcome = fight(person, walls, TRY_ONE.format(number=number, arguments=(0,) * 6))
        if (outcome.signal, outcome.syscall) != (signal.SIGSYS, name):
            wrong[name, number] = outcome
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(tries.ENDING))
def test_a_call_that_ends_the_program_does(person, name):
    outcome = fight(person, "python", TRY_ONE.format(number=NUMBERS[name], arguments=(3,) * 6))
    assert (outcome.code, outcome.signal) == ENDS[name], outcome


@pytest.mark.parametrize("name", sorted(tries.BEYOND_FILTERS))
def test_a_call_beyond_filters_is_of_no_use(person, name):
    """An older kernel does not know them; a newer one answers only where it put them itself."""
    outcome = fight(person, "python", TRY_ONE.format(number=NUMBERS[name], arguments=(0,) * 6))
    assert outcome.signal in {signal.SIGILL, signal.SIGSEGV} or outcome.said in {"ENOSYS\n", "ENXIO\n"}, (
        outcome
    )


@pytest.mark.parametrize("walls", POLICIES)
def test_a_second_program_is_not_started(person, walls):
    arguments = "(b'/rt/main.py', None, None)"
    assert (
        fight(person, walls, TRY_ONE.format(number=NUMBERS["execve"], arguments=arguments)).said == "ENOSYS\n"
    )
