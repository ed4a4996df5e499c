"""Whatever a policy lets through is attacked, and every wall has somebody who pushes at it."""

import pytest

from executor.attacks.program import GROUPS, WALLS, programs
from executor.runtimes import node, python
from executor.sandbox.layers import LAYERS
from executor.sandbox.refusals import DEADLY, FORBIDDEN
from executor.sandbox.rules import ALLOW, SEAL, Rule
from executor.sandbox.syscalls import NUMBERS

POLICIES = {"node": node.policy, "python": python.policy}
ATTACKED = {name for program in programs() for name in program.attacks}


def lets_through(rule: Rule) -> bool:
    return rule.verdict in {ALLOW, SEAL} or any(case.verdict == ALLOW for case in rule.cases)


@pytest.mark.parametrize("runtime", POLICIES)
def test_every_call_that_a_policy_lets_through_is_attacked(runtime, tmp_path):
    rules = POLICIES[runtime](tmp_path).rules
    open_to_attack = {name for rule in rules if lets_through(rule) for name in rule.names}
    assert len(open_to_attack) > 50
    assert open_to_attack - ATTACKED == set(), (
        "let through, and no program in executor/attacks/programs tries them"
    )


def test_every_refusal_is_attacked():
    unattacked = [rule.names for rule in (*FORBIDDEN, *DEADLY) if not ATTACKED.intersection(rule.names)]
    assert unattacked == []


def test_every_wall_is_attacked():
    # "platform" is what the others are made for; nothing inside shows whether the view of control groups is a private one.
    needed = {name for name in WALLS if name not in LAYERS or not LAYERS[name].optional}
    assert needed - ATTACKED == {"platform", "cgroup"}


def test_every_group_has_programs_and_they_are_many():
    assert {program.group for program in programs()} == set(GROUPS)
    assert len(programs()) >= 120
    assert min(sum(program.language == language for program in programs()) for language in POLICIES) >= 50


@pytest.mark.parametrize(
    "program", [it for it in programs() if it.language == "python"], ids=lambda it: it.name
)
def test_a_deadly_call_named_in_a_header_is_made(program):
    """`attacks:` would be worth nothing if it named what the program does not do."""
    for name in program.attacks:
        if program.expected == f"die of {name}":
            assert f'call("{name}"' in program.source
            assert name in NUMBERS
