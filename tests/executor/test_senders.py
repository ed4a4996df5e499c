"""The readers of signatures: the vendors' own examples, several signatures at once, and bytes of an enemy."""

import base64
import hashlib
import hmac
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executor.guards.claim import MOST_SIGNATURES, Unsigned
from executor.guards.senders import SENDERS
from tests.senders import OTHERS, SECRETS, SIGN, hexed

KINDS = sorted(SENDERS)
BODY = b'{"a": 1}'
NOW = int(time.time())

SLACK_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
    b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
# As the vendors publish them: headers, body, secret, time.
EXAMPLES = {
    "github": (
        {"X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
        b"Hello, World!",
        "It's a Secret to Everybody",
        None,
    ),
    "slack": (
        {
            "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            "X-Slack-Request-Timestamp": "1531420618",
        },
        SLACK_BODY,
        "8f742231b10e8888abcd99yyyzzz85a5",
        1531420618,
    ),
    "standard-webhooks": (
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        1614265330,
    ),
}


def raw(headers):
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def check(kind, headers, body, *secrets):
    sender = SENDERS[kind]
    return sender.read(raw(headers)).signed_by([sender.key(secret) for secret in secrets], body) is not None


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_vendors_example_is_accepted(kind):
    headers, body, secret, at = EXAMPLES[kind]
    assert check(kind, headers, [body], secret)
    assert SENDERS[kind].read(raw(headers)).at == at


@pytest.mark.parametrize("kind", KINDS)
@given(body=st.binary(max_size=300), cut=st.integers(0, 300))
def test_who_signs_as_documented_comes_in_however_the_body_is_cut(kind, body, cut):
    headers = SIGN[kind](SECRETS[kind], body, NOW)
    assert check(kind, headers, [body[:cut], body[cut:]], SECRETS[kind])
    assert not check(kind, headers, [body, b"x"], SECRETS[kind])
    assert not check(kind, headers, [body], OTHERS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_any_of_the_secrets_may_have_signed(kind):
    headers = SIGN[kind](SECRETS[kind], BODY, NOW)
    assert check(kind, headers, [BODY], OTHERS[kind], SECRETS[kind])


@pytest.mark.parametrize("kind", KINDS)
@given(flip=st.integers(0, 10_000))
def test_no_bit_of_a_header_that_is_signed_may_change(kind, flip):
    """The signature, the time, the id: each byte of each header that the reader looks at."""
    headers = {**SIGN[kind](SECRETS[kind], BODY, NOW)}
    headers.pop("X-GitHub-Delivery", None)
    if kind == "stripe":
        headers["Stripe-Signature"] = headers["Stripe-Signature"].removesuffix(",v0=6ffbb59b")
    name = sorted(headers)[flip % len(headers)]
    text = headers[name]
    place = flip % len(text)
    changed = chr(ord(text[place]) ^ 1)
    if changed.lower() == text[place].lower():
        return
    headers[name] = text[:place] + changed + text[place + 1 :]
    try:
        # The last character of base64 has bits that stand for nothing.
        same = kind == "standard-webhooks" and place >= len(text) - 2
        assert not check(kind, headers, [BODY], SECRETS[kind]) or same
    except Unsigned:
        pass


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_missing_or_there_twice_is_named(kind):
    whole = SIGN[kind](SECRETS[kind], BODY, NOW)
    whole.pop("X-GitHub-Delivery", None)
    for name in whole:
        with pytest.raises(Unsigned, match=f"{name} is missing"):
            SENDERS[kind].read(raw({other: value for other, value in whole.items() if other != name}))
        with pytest.raises(Unsigned, match=f"{name} came more than once"):
            SENDERS[kind].read([*raw(whole), (name.lower().encode(), whole[name].encode())])


def test_stripe_signs_with_both_secrets_while_they_roll():
    old, new = (hexed(secret, b"%d.%b" % (NOW, BODY)) for secret in ("old", "new"))
    headers = {"Stripe-Signature": f"t={NOW}, v1={old} ,v1={new},v2=abc,x"}
    assert check("stripe", headers, [BODY], "old")
    assert check("stripe", headers, [BODY], "new")
    assert not check("stripe", headers, [BODY], "other")


def test_a_weaker_version_of_stripes_counts_for_nothing():
    good = hexed(SECRETS["stripe"], b"%d.%b" % (NOW, BODY))
    for header in (f"t={NOW},v0={good}", f"t={NOW},V1={good}", f"t={NOW},t={NOW},v1={good}", f"v1={good}"):
        with pytest.raises(Unsigned):
            SENDERS["stripe"].read(raw({"Stripe-Signature": header}))


def test_standard_webhooks_come_with_several_signatures():
    headers = SIGN["standard-webhooks"](SECRETS["standard-webhooks"], BODY, NOW)
    good = headers["webhook-signature"]
    other = "v1," + base64.b64encode(b"x" * 32).decode()
    headers["webhook-signature"] = f"v1a,abc {other} v1,!!! {good} v2,{good[3:]}"
    assert check("standard-webhooks", headers, [BODY], SECRETS["standard-webhooks"])
    headers["webhook-signature"] = f"v1a,{good[3:]}"
    with pytest.raises(Unsigned):
        check("standard-webhooks", headers, [BODY], SECRETS["standard-webhooks"])


def test_an_id_with_a_dot_could_stand_for_another_time():
    """`a.1` at 2 would be signed like `a` at 1 with a body that begins with `2.`."""
    headers = SIGN["standard-webhooks"](SECRETS["standard-webhooks"], BODY, NOW)
    with pytest.raises(Unsigned, match="dot"):
        SENDERS["standard-webhooks"].read(raw({**headers, "webhook-id": "msg.1"}))


def test_so_many_signatures_are_no_rotation():
    many = ",".join(
        f"v1={hashlib.sha256(b'%d' % number).hexdigest()}" for number in range(MOST_SIGNATURES + 1)
    )
    with pytest.raises(Unsigned, match="more than"):
        SENDERS["stripe"].read(raw({"Stripe-Signature": f"t={NOW},{many}"}))


@pytest.mark.parametrize("at", ["", "-1", "1e9", "٣", "9" * 12, "0x10", " "])
def test_a_time_is_a_whole_number_of_seconds(at):
    for kind, name in (("slack", "X-Slack-Request-Timestamp"), ("standard-webhooks", "webhook-timestamp")):
        headers = raw(SIGN[kind](SECRETS[kind], BODY, NOW))
        sent = [(key, at.encode() if key == name.encode() else value) for key, value in headers]
        with pytest.raises(Unsigned):
            SENDERS[kind].read(sent)


@pytest.mark.parametrize(
    ("kind", "secret"),
    [(kind, "") for kind in KINDS]
    + [("standard-webhooks", text) for text in ("whsec_", "whsec_c2hvcnQ=", "whsec_%%", "é")],
)
def test_what_is_no_secret_of_the_sender_is_refused_without_being_told(kind, secret):
    with pytest.raises(
        ValueError, match="24 bytes" if secret or "webhooks" in kind else "not empty"
    ) as error:
        SENDERS[kind].key(secret)
    assert secret in ("", "whsec_") or secret not in str(error.value)


def test_a_standard_secret_may_come_without_its_prefix():
    whole = SECRETS["standard-webhooks"]
    key = SENDERS["standard-webhooks"].key
    assert key(whole) == key(whole.removeprefix("whsec_"))
    assert hmac.compare_digest(key(whole), base64.b64decode(whole[6:]))
