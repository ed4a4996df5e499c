"""Who a sandbox is outside."""

import pytest

from executor.sandbox.identity import Identities, Identity


def test_a_living_identity_is_never_given_twice_and_a_dead_one_last():
    identities = Identities(shared=None, count=3)
    first, second, third = (identities.take() for _ in range(3))
    assert len({first, second, third}) == 3
    identities.give_back(second)
    assert identities.take() == second
    identities.give_back(first)
    identities.give_back(third)
    assert identities.take() == third, "not the one that died last, if another is free"


def test_more_sandboxes_than_identities_is_refused():
    identities = Identities(shared=None, count=1)
    identities.take()
    with pytest.raises(OSError, match="all 1 identities are in use"):
        identities.take()


def test_an_ordinary_user_shares_the_one_there_is():
    own = Identity(1234, 1234)
    identities = Identities(shared=own)
    assert [identities.take() for _ in range(2)] == [own, own]
    identities.give_back(own)
