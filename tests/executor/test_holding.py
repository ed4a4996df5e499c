"""Bytes of requests that are not waited for: reserved before they come, given back whatever happens."""

import pytest

from executor.edge.holding import Holding
from executor.source import Refused


def test_a_team_has_its_part_and_a_node_has_an_end():
    held = Holding(20, 10)
    with held.reserve("a", 10), held.reserve("b", 9):
        for team, size in (("a", 1), ("b", 2), ("c", 2)):
            with pytest.raises(Refused) as refused, held.reserve(team, size):
                pass
            assert refused.value.status == 429
        with held.reserve("c", 1):
            pass
    with held.reserve("a", 10), held.reserve("b", 10):
        pass


def test_what_fails_gives_its_room_back():
    held = Holding(of_team=10)
    for _ in range(2):
        with pytest.raises(KeyError), held.reserve("a", 10):
            raise KeyError
