"""What a team may have under way, and how fast it may begin it."""

import pytest

from executor import admission
from executor.admission import Admission, TooMany
from executor.contract import Limits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def admitted(door: Admission, team: str, limits: Limits, *, tries: int) -> int:
    """How many of so many requests come in before one does not."""
    for count in range(tries):
        try:
            door.enter(team, limits).leave()
        except TooMany:
            return count
    return tries


def test_a_place_is_free_again_when_a_request_is_over(clock):
    door, limits = Admission(clock), Limits(team_concurrency=2)
    first, _second = door.enter("acme", limits), door.enter("acme", limits)
    with pytest.raises(TooMany, match="requests at once: 2 requests") as refused:
        door.enter("acme", limits)
    assert refused.value.limit == "team_concurrency"
    first.leave()
    door.enter("acme", limits)


def test_a_second_brings_as_many_requests_as_the_rate_says_and_no_more_are_saved(clock):
    door, limits = Admission(clock), Limits(team_rate=10)
    assert admitted(door, "acme", limits, tries=50) == 10
    clock.now += 0.5
    assert admitted(door, "acme", limits, tries=50) == 5
    clock.now += 60
    assert admitted(door, "acme", limits, tries=50) == 10


def test_teams_do_not_count_for_each_other(clock):
    door, limits = Admission(clock), Limits(team_rate=1, team_concurrency=1)
    door.enter("acme", limits)
    assert admitted(door, "acme", limits, tries=2) == 0
    assert admitted(door, "mallory", limits, tries=2) == 1


def test_a_limit_that_was_lowered_holds_at_once(clock):
    door = Admission(clock)
    for _ in range(3):
        door.enter("acme", Limits(team_concurrency=3))
    with pytest.raises(TooMany):
        door.enter("acme", Limits(team_concurrency=2))


def test_of_many_teams_those_that_do_nothing_are_forgotten_and_no_other(clock, monkeypatch):
    monkeypatch.setattr(admission, "MANY", 10)
    door, limits = Admission(clock), Limits(team_concurrency=1)
    door.enter("acme", limits)
    for number in range(30):
        clock.now += 2
        door.enter(f"team-{number}", limits).leave()
    with pytest.raises(TooMany):
        door.enter("acme", limits)
