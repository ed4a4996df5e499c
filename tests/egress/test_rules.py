"""The allow-list of a webtask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executor.egress.rules import Rules, normalize


@pytest.mark.parametrize(
    ("pattern", "host", "port", "allowed"),
    [
        ("api.example.com:443", "api.example.com", 443, True),
        ("api.example.com:443", "api.example.com", 80, False),
        ("api.example.com:443", "example.com", 443, False),
        ("api.example.com:443", "evil-api.example.com", 443, False),
        ("api.example.com:443", "api.example.com.evil.org", 443, False),
        ("API.Example.com:443", "api.example.com", 443, True),
        ("api.example.com.:443", "api.example.com", 443, True),
        ("*.example.com:443", "api.example.com", 443, True),
        ("*.example.com:443", "a.b.example.com", 443, True),
        ("*.example.com:443", "example.com", 443, False),
        ("*.example.com:443", "badexample.com", 443, False),
        ("*.example.com:*", "api.example.com", 5432, True),
        ("*:443", "anything.org", 443, True),
        ("*:443", "93.184.216.34", 443, True),
        ("*:443", "anything.org", 80, False),
        ("*:*", "anything.org", 1, True),
        ("93.184.216.34:443", "93.184.216.34", 443, True),
        ("*.216.34:443", "93.184.216.34", 443, False),
        ("[2606:4700::1111]:443", "2606:4700::1111", 443, True),
        ("[::ffff:93.184.216.34]:443", "93.184.216.34", 443, True),
        ("bücher.example:443", "xn--bcher-kva.example", 443, True),
        ("api.example.com", "api.example.com", 443, False),
        ("api.example.com:", "api.example.com", 443, False),
        ("api.example.com:https", "api.example.com", 443, False),
        ("api.*.com:443", "api.example.com", 443, False),
        ("", "api.example.com", 443, False),
    ],
)
def test_a_pattern(pattern, host, port, allowed):
    assert Rules([pattern]).allow(host, port) is allowed


def test_without_a_list_everything_is_allowed_and_with_an_empty_one_nothing():
    assert Rules(None).allow("example.com", 443)
    assert Rules(None).know("example.com")
    assert not Rules([]).allow("example.com", 443)
    assert not Rules([]).know("example.com")


def test_a_name_is_known_when_any_port_of_it_is_allowed():
    rules = Rules(["db.example.com:5432"])
    assert rules.know("db.example.com")
    assert not rules.know("www.example.com")


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "a.0x7f", "a b.com", "a/b", "-", "a..b"],
)
def test_what_is_neither_a_name_nor_an_address_has_no_normal_form(host):
    assert normalize(host) is None


@given(st.text())
def test_any_text_is_a_pattern_that_at_most_matches_nothing(text):
    Rules([text]).allow("example.com", 443)
    normalize(text)
