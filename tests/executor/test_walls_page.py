"""What is published of the walls is what is applied."""

from executor import walls
from executor.sandbox.counts import count
from executor.sandbox.layers import LAYERS
from executor.sandbox.modes import MODES
from tests.stack import ROOT


def test_the_page_is_not_stale():
    assert (ROOT / "docs" / "walls.md").read_text() == walls.page(), "run script/fix"


def test_the_numbers_of_system_calls_keep_their_bounds():
    totals = {name: count(rules).total for name, rules in walls.RUNTIMES.items()}
    assert totals["Node"] <= 110
    assert totals["Python"] <= 90
    assert all(f"**{total}**" in walls.page() for total in totals.values())


def test_every_layer_that_a_mode_speaks_of_is_one():
    for mode in MODES.values():
        assert mode.stand_ins.keys() | mode.needs <= LAYERS.keys()
        assert not mode.stand_ins.keys() & mode.needs
