"""What is kept encrypted opens in its own place alone."""

import pytest

from console.accounts import vault


def test_what_is_sealed_opens_again():
    assert vault.unseal(vault.seal("s3cret é", "acme", "hello", "KEY"), "acme", "hello", "KEY") == "s3cret é"


def test_the_text_is_not_in_it_and_never_sealed_alike():
    sealed = {vault.seal("s3cret", "acme") for _ in range(3)}
    assert len(sealed) == 3
    assert not any(b"s3cret" in one for one in sealed)


@pytest.mark.parametrize("place", [("acme", "other", "KEY"), ("acme", "hello", "KE", "Y"), ()])
def test_in_another_place_it_stays_shut(place):
    sealed = vault.seal("s3cret", "acme", "hello", "KEY")
    with pytest.raises(vault.Broken):
        vault.unseal(sealed, *place)


@pytest.mark.parametrize("at", range(0, 24, 3))
def test_altered_it_stays_shut(at):
    sealed = bytearray(vault.seal("s3cret", "acme"))
    sealed[at] ^= 1
    with pytest.raises(vault.Broken):
        vault.unseal(bytes(sealed), "acme")


def test_cut_short_it_stays_shut():
    sealed = vault.seal("s3cret", "acme")
    for length in range(0, len(sealed), 5):
        with pytest.raises(vault.Broken):
            vault.unseal(sealed[:length], "acme")


def test_a_retired_key_still_opens_and_seals_nothing_new(settings):
    old = vault.seal("s3cret", "acme")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert vault.unseal(old, "acme") == "s3cret"
    assert vault.seal("s3cret", "acme")[1:5] != old[1:5]
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(vault.Broken):
        vault.unseal(old, "acme")
