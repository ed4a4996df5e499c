"""What takes secrets out of texts: every form of every value goes, and nothing else."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from executor.contract import Deployment
from executor.disguises import is_hidden, parts
from executor.redaction import MAX_NEEDLES, NOTHING, Redactor, is_redacted, redactor_of

VALUE = 'p+s/w=r d"é'
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----\n"
DEPLOYMENT = Deployment(
    team="acme", webtask="hello", slot="acme/hello", version=1, label="v1", entry="hello.js", files={}
)


def redacted(text: str, **secrets: object) -> str:
    return Redactor(secrets).text(text)


def forms(value: str) -> Iterator[str]:
    """As docs/secrets.md lists them."""
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield json.dumps(json.dumps(value, ensure_ascii=False)[1:-1])[1:-1]
    yield quote(value, safe="")
    yield quote(value, safe="-_.!~*'()")
    yield quote_plus(value, safe="*-._")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(value.encode()).decode()
        yield encode(value.encode()).decode().rstrip("=")


@pytest.mark.parametrize("form", dict.fromkeys(forms(VALUE)))
def test_each_form_becomes_the_name(form):
    assert redacted(f"a {form} b {form}", KEY=VALUE) == "a [secret KEY] b [secret KEY]"


@pytest.mark.parametrize("before", ["", "u", "us", "use", "user:"])
@pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
def test_a_value_is_found_in_the_base64_of_something_longer(before, after):
    """As in `Authorization: Basic …`."""
    value = "hunter2hunter2"
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(f"{before}{value}{after}".encode()).decode()
        left = redacted(whole, KEY=value)
        assert "[secret KEY]" in left
        # The characters at its edges hold bits of the neighbours, too.
        assert len(left) - len("[secret KEY]") <= len(encode(f"{before}{after}".encode())) + 4


# Of these no mark is made, and no encoding makes any of them.
_LETTERS = st.characters(codec="utf-8", exclude_characters="[]", exclude_categories=["Cs"])
_VALUES = (
    st.text(_LETTERS, min_size=6, max_size=60).filter(is_hidden).filter(lambda text: text not in "[secret K]")
)


@settings(deadline=None)
@given(_VALUES, st.text(_LETTERS, max_size=40), st.data())
def test_no_form_of_a_value_is_left(value, around, data):
    form = data.draw(st.sampled_from(list(forms(value))))
    left = redacted(f"{around}{form}{around}{form}", K=value)
    for part in left.split("[secret K]"):
        assert all(form not in part for form in forms(value))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("ABC"), _VALUES), st.text(_LETTERS))
def test_a_text_without_values_is_untouched(secrets, text):
    wanted = [form for value in secrets.values() for part in parts(value) for form in forms(part)]
    assume(not any(form in text for form in wanted))
    assert Redactor(secrets).text(text) == text


@settings(deadline=None)
@given(
    st.dictionaries(st.text(max_size=5), st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3))),
    st.binary(),
)
def test_any_secret_and_any_body_are_taken(secrets, data):
    redactor = Redactor(secrets)
    redactor.data(data)
    text = data.decode("utf-8", "replace")
    for told in (redactor.text(text), redactor.url(text), redactor.host(text)):
        told.encode()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (PEM, "MIIEvQIBADANBgkqhkiG"),
        ({"deep": [{"key": "s3cret-leaf"}]}, "s3cret-leaf"),
        ('{"type": "account", "key": "s3cret-leaf"}', "s3cret-leaf"),
        ("postgres://app:pa%24sword1@db.example.com/app", "pa$sword1"),
        ("  s3cret-value\n", "s3cret-value"),
    ],
)
def test_a_part_that_is_secret_alone_goes_too(value, shown):
    assert redacted(f"<{shown}>", KEY=value) == "<[secret KEY]>"


def test_a_value_of_many_lines_goes_line_by_line_and_its_borders_stay():
    assert redacted(PEM, KEY=PEM) == "[secret KEY]"
    told = "\n".join(redacted(line, KEY=PEM) for line in PEM.splitlines())
    assert told == "-----BEGIN PRIVATE KEY-----\n[secret KEY]\n[secret KEY]\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    "value",
    ["", "abc", "12345", "true", "20260101", "-1.5e3"[:4], "production", "Development", 5, None, 12345678901],
)
def test_what_is_too_plain_stays_and_is_told(value):
    assert not Redactor({"KEY": value})
    text = f"about {value} and {value}"
    assert redacted(text, KEY=value) == text
    assert is_redacted(value) == (value in ("", None))


@pytest.mark.parametrize("value", ["abcdef", "1234567890", "trueish", ["x", "abcdef"], {"a": "abcdef"}])
def test_what_is_not_is_hidden(value):
    assert Redactor({"KEY": value})
    assert is_redacted(value)


def test_the_longest_of_several_wins_and_the_first_name_of_equal_ones():
    secrets = {"B": "abcdef", "A": "abcdef", "LONG": "abcdefghi"}
    assert redacted("abcdefgh abcdefghi", **secrets) == "[secret A]gh [secret LONG]"


def test_a_value_that_was_cut_off_goes_as_far_as_it_stands():
    value = "".join(f"{number:05}-" for number in range(1000))
    for length in (512, 513, 3000, 6000):
        assert redacted(f"x{value[:length]}", KEY=value) == "x[secret KEY]"
    assert redacted(value[:600] + "other", KEY=value) == "[secret KEY]other"
    wide = "é" * 400
    assert redacted(wide[:300] + "!", KEY=wide) == "[secret KEY]!"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("/hooks/p%2Bs%2fw%3Dr+d%22%C3%A9/x", "/hooks/[secret KEY]/x"),
        ("/hooks/%70%2B%73/w%3D%72%20d%22%c3%a9?x=%20", "/hooks/[secret KEY]?x=%20"),
        ("/hooks/%zz/%E9%", "/hooks/%zz/%E9%"),
    ],
)
def test_a_url_is_read_as_it_is_meant(url, told):
    assert Redactor({"KEY": VALUE}).url(url) == told


def test_a_host_is_read_in_any_case():
    redactor = Redactor({"KEY": "Tenant-42"})
    assert redactor.host("tenant-42.example.com") == "[secret KEY].example.com"
    assert redactor.host("example.com") == "example.com"


def test_a_body_need_be_no_text():
    data = b"\xff\xfe" + VALUE.encode() + b"\xf8\xf8\xf8\x00\xff"
    assert Redactor({"KEY": VALUE}).data(data) == b"\xff\xfe[secret KEY]\xf8\xf8\xf8\x00\xff"


def test_a_name_cannot_forge_a_line():
    assert redacted("abcdef", **{"a]\nb": "abcdef"}) == "[secret a??b]"


def test_secrets_beyond_all_bounds_stay_within_ours():
    redactor = Redactor({"KEY": [f"{number:010}abc" for number in range(20_000)]})
    assert redactor.weight <= MAX_NEEDLES + 1024
    assert redactor.text("x 0000000000abc") == "x [secret KEY]"


def test_one_is_made_for_a_deployment_and_none_without_secrets():
    one = replace(DEPLOYMENT, secrets={"KEY": "s3cret-value"})
    assert redactor_of(one) is redactor_of(replace(one))
    assert redactor_of(one) is not redactor_of(replace(one, secrets={"KEY": "another-value"}))
    assert redactor_of(DEPLOYMENT) is NOTHING


def test_a_deployment_in_a_traceback_shows_no_secret():
    assert "s3cret" not in repr(replace(DEPLOYMENT, secrets={"KEY": "s3cret-value"}))
