"""A signed request is let in once; what is remembered of it is bounded, for each webtask and for all."""

from hypothesis import given
from hypothesis import strategies as st

from executor.guards.replays import Replays


def test_once_until_its_time_is_over():
    now = 100.0
    seen = Replays(lambda: now)
    assert seen.enter("acme/a", b"1", until=200)
    assert not seen.enter("acme/a", b"1", until=200)
    assert seen.enter("acme/b", b"1", until=200)
    now = 200.0
    assert seen.enter("acme/a", b"1", until=300)


def test_what_failed_may_come_again():
    seen = Replays(lambda: 0.0)
    assert seen.enter("acme/a", b"1", until=9)
    seen.forgive("acme/a", b"1")
    seen.forgive("acme/a", b"1")
    assert len(seen) == 0
    assert seen.enter("acme/a", b"1", until=9)


def test_who_fills_it_drives_out_its_own():
    seen = Replays(lambda: 0.0, most=10, of_all=6)
    assert seen.enter("acme/quiet", b"1", until=9)
    for number in range(100):
        assert seen.enter("mallory/loud", b"%d" % number, until=9)
    assert len(seen) == 6
    assert not seen.enter("acme/quiet", b"1", until=9)
    # A third makes room at the cost of the loudest.
    assert seen.enter("dora/new", b"1", until=9)
    assert not seen.enter("acme/quiet", b"1", until=9)
    assert len(seen) == 6


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.binary(min_size=1, max_size=1), st.integers(0, 50), st.booleans()
        )
    )
)
def test_it_stays_within_its_bounds(steps):
    clock = [0.0]
    seen = Replays(lambda: clock[0], most=3, of_all=5)
    for number, (webtask, signature, lasts, forgives) in enumerate(steps):
        clock[0] = float(number)
        if forgives:
            seen.forgive(webtask, signature)
        else:
            seen.enter(webtask, signature, until=number + lasts)
            assert lasts == 0 or not seen.enter(webtask, signature, until=number + lasts)
        assert len(seen) == sum(map(len, seen._seen.values())) <= 5
        assert all(0 < len(one) <= 3 for one in seen._seen.values())
