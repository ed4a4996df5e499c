"""Requests that a token allows in a period: counted, refused beyond, and let in again in the next."""

import calendar

import pytest

from executor.contract import Deployment
from executor.rates import Rates, TooFast, of_container, of_token

# A Friday, in the tenth second of its day.
NOW = calendar.timegm((2026, 7, 31, 0, 0, 10))
ENDS = {
    "ls": (2026, 7, 31, 0, 0, 11),
    "lm": (2026, 7, 31, 0, 1, 0),
    "lh": (2026, 7, 31, 1, 0, 0),
    "ld": (2026, 8, 1, 0, 0, 0),
    "lw": (2026, 8, 3, 0, 0, 0),
    "lo": (2026, 8, 1, 0, 0, 0),
    "lto": (2026, 8, 1, 0, 0, 0),
}


def deployment(jti="a", team="acme", **rates):
    return Deployment(
        team=team, webtask=None, slot="s", version=None, label="", entry="", files={}, jti=jti, rates=rates
    )


class Clock:
    now = float(NOW)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rates(clock):
    return Rates(clock)


@pytest.mark.parametrize("claim", ENDS)
def test_a_period_ends_and_the_next_begins(rates, clock, claim):
    one = deployment(**{claim: 2})
    rates.enter(one)
    rates.enter(one)
    with pytest.raises(TooFast, match=f"2 requests a .*claim {claim}") as refused:
        rates.enter(one)
    ends = calendar.timegm((*ENDS[claim], 0, 0, 0))
    assert refused.value.retry == max(1, ends - NOW)
    clock.now = ends - 0.5
    with pytest.raises(TooFast):
        rates.enter(one)
    clock.now = float(ends)
    rates.enter(one)


def test_the_last_month_of_a_year_ends_with_it(rates, clock):
    clock.now = float(calendar.timegm((2026, 12, 31, 23, 59, 59)))
    rates.enter(deployment(lo=1))
    clock.now += 1
    rates.enter(deployment(lo=1))


def test_a_container_is_counted_over_all_its_tokens_and_a_token_alone(rates):
    rates.enter(deployment("a", ld=3, ltd=1))
    rates.enter(deployment("b", ld=3, ltd=1))
    with pytest.raises(TooFast, match="of the token"):
        rates.enter(deployment("a", ld=3, ltd=1))
    rates.enter(deployment("c", ld=3))
    with pytest.raises(TooFast, match="of the container"):
        rates.enter(deployment("d", ld=3))
    rates.enter(deployment("d", team="other", ld=3))


def test_what_is_left_is_told_and_can_be_given_back(rates, clock):
    rates.enter(deployment(ls=5, ld=10, ltd=2))
    assert rates.left(of_container("acme")) == {"ls": 4, "ld": 9}
    assert rates.left(of_token("a")) == {"ltd": 1}
    clock.now += 1
    assert rates.left(of_container("acme")) == {"ld": 9}
    rates.reset(of_container("acme"))
    assert rates.left(of_container("acme")) == {}
    assert rates.left(of_token("a")) == {"ltd": 1}
