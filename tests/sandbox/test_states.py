"""Each state leads where its table says, ends somewhere, and nowhere else."""

import itertools

import pytest

from executor.sandbox.states import (
    LAUNCHER_STEPS,
    SANDBOX_STEPS,
    IllegalStep,
    LauncherState,
    SandboxState,
    step,
)

BOTH = [(SANDBOX_STEPS, SandboxState), (LAUNCHER_STEPS, LauncherState)]


@pytest.mark.parametrize(("steps", "states"), BOTH)
def test_only_the_steps_of_the_table_are_possible(steps, states):
    for now, to in itertools.product(states, repeat=2):
        if to in steps[now]:
            assert step(steps, now, to) is to
        else:
            with pytest.raises(IllegalStep, match=f"{now.value} cannot become {to.value}"):
                step(steps, now, to)


@pytest.mark.parametrize(("steps", "states"), BOTH)
def test_every_state_is_reached_and_leads_to_an_end(steps, states):
    _first, *others = states
    assert set(others) == set().union(*steps.values())
    ends = [state for state in states if not steps[state]]
    assert len(ends) == 1
    for state in others:
        reach = {state}
        for _ in states:
            reach |= set().union(*(steps[it] for it in reach))
        assert ends[0] in reach
