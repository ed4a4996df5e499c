"""What a holder passes on is never wider than what they hold, however often it is passed on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.accounts.roles import Action
from console.accounts.terms import RATES, Terms
from console.problems import Invalid

names = st.frozensets(st.sampled_from(["a", "b", "c"]), min_size=1)
terms = st.builds(
    Terms,
    scopes=st.none() | st.frozensets(st.sampled_from(list(Action)[:4]), min_size=1),
    webtasks=st.none() | names,
    methods=st.none() | st.frozensets(st.sampled_from(["GET", "POST", "PUT"]), min_size=1),
    rates=st.dictionaries(st.sampled_from(list(RATES)), st.integers(1, 5)),
    expires=st.none() | st.integers(1, 5),
    depth=st.integers(0, 4),
)


def within(inner, outer) -> bool:
    return outer is None or (inner is not None and inner <= outer)


@given(st.lists(terms, min_size=2, max_size=6))
def test_no_chain_of_issuing_widens_anything(chain):
    held, *wishes = chain
    for wanted in wishes:
        try:
            given = held.narrowed(wanted)
        except Invalid:
            continue
        assert within(given.scopes, held.scopes)
        assert within(given.webtasks, held.webtasks)
        assert within(given.methods, held.methods)
        assert within(given.expires, held.expires)
        assert all(given.rates[period] <= most for period, most in held.rates.items())
        assert given.depth < held.depth
        held = given


@given(terms)
def test_what_is_left_open_is_as_the_holder_has_it(held):
    if held.depth:
        given = held.narrowed(Terms())
        assert (given.scopes, given.webtasks, given.methods) == (held.scopes, held.webtasks, held.methods)
        assert (dict(given.rates), given.expires, given.depth) == (dict(held.rates), held.expires, 0)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Terms(scopes=frozenset({Action.EDIT})), "scopes"),
        (Terms(webtasks=frozenset({"a", "other"})), "webtasks"),
        (Terms(methods=frozenset({"DELETE"})), "methods"),
        (Terms(rates={"minute": 11}), "rates"),
        (Terms(expires=101), "expires_at"),
        (Terms(depth=2), "depth"),
    ],
)
def test_what_would_be_wider_is_named(wanted, field):
    held = Terms(
        scopes=frozenset({Action.VIEW}),
        webtasks=frozenset({"a"}),
        methods=frozenset({"GET"}),
        rates={"minute": 10},
        expires=100,
        depth=2,
    )
    with pytest.raises(Invalid) as refused:
        held.narrowed(wanted)
    assert refused.value.extra["field"] == field
