"""Who a sandbox is outside."""

import pytest

from executor.sandbox.identity import Identities, Identity, spare

OWN = Identity(1234, 1234)


def test_a_living_identity_is_never_given_twice_and_the_last_dead_one_last():
    identities = Identities(range(10, 13), otherwise=OWN)
    first, second, third = (identities.take() for _ in range(3))
    assert {it.user for it in (first, second, third)} == {10, 11, 12}
    identities.give_back(second)
    assert identities.take() == second
    identities.give_back(first)
    identities.give_back(second)
    assert identities.take() == first


def test_more_sandboxes_than_identities_is_refused():
    identities = Identities(range(10, 11), otherwise=OWN)
    identities.take()
    with pytest.raises(OSError, match="all 1 identities are in use"):
        identities.take()


def test_without_any_all_share_the_zygotes_own():
    identities = Identities(range(0), otherwise=OWN)
    assert [identities.take() for _ in range(2)] == [OWN, OWN]
    identities.give_back(OWN)


@pytest.mark.parametrize(
    ("users", "groups", "wanted"),
    [
        ("0 0 4294967295", "0 0 4294967295", range(200_000, 265_536)),
        ("0 100000 65536", "0 100000 65536", range(32_768, 65_536)),
        ("0 1000 1\n1 100000 65536", "0 1000 1\n1 100000 65536", range(32_769, 65_537)),
        ("0 1000 1", "0 1000 1", range(1, 1)),
        ("0 0 4294967295", "0 1000 1", range(0)),
    ],
)
def test_a_container_has_fewer_to_spare(users, groups, wanted):
    assert list(spare((users, groups))) == list(wanted)
