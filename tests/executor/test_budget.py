"""How much a worker may log, and what is told about the rest."""

import pytest

from executor.contract import Limits
from executor.logs.budget import Budget


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def budget(clock):
    return Budget(Limits(log_lines=10, log_bytes=1024), clock)


def test_twice_a_seconds_lines_may_come_in_one_burst(budget):
    assert [budget.take(1) for _ in range(30)].count(True) == 20


def test_a_second_later_there_is_room_again(budget, clock):
    for _ in range(30):
        budget.take(1)
    assert budget.room() == 0
    clock.time += 1
    assert budget.room() == 10


def test_text_is_counted_beside_lines(budget):
    assert budget.take(2048)
    assert not budget.take(1)
    assert budget.room() == 0


def test_nothing_is_told_when_nothing_was_dropped(budget, clock):
    budget.take(1)
    clock.time += 5
    assert budget.told() == ""
    assert budget.told(at_once=True) == ""


def test_the_limit_that_was_exceeded_by_more_is_told_once_a_second(budget, clock):
    for _ in range(40):
        budget.take(1)
    assert budget.told() == ""
    clock.time += 2
    said = "20 log lines dropped (limit of log lines: 10 lines a second, used: 20 lines a second)"
    assert budget.told() == said
    assert budget.told() == ""


def test_lines_dropped_unseen_count_as_well(budget, clock):
    budget.drop(1_000, 1 << 20)
    clock.time += 1
    said = "1,000 log lines dropped (limit of log text: 1 KiB a second, used: 1 MiB a second)"
    assert budget.told() == said


def test_at_the_end_it_is_told_at_once(budget):
    budget.drop(1, 1)
    assert budget.told(at_once=True).startswith("1 log line dropped (limit of log lines")
