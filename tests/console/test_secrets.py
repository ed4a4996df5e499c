"""A webtask's secrets as people set them: names are shown, values go to its code alone."""

import pytest

from console.accounts.models import AuditEvent
from console.accounts.roles import Role
from console.webtasks import deployments
from console.webtasks.models import Secret, Version, Webtask

SECRETS = "/hello/secrets"


@pytest.fixture
def put(alice, hello):
    """Sets secrets by name; None takes one away."""

    def put(**secrets):
        return alice.patch(SECRETS, {"secrets": secrets})

    return put


def names(answer):
    assert answer.status_code == 200, answer.content
    return [secret["name"] for secret in answer.json()["secrets"]]


def deployed():
    return dict(deployments.find("acme", "hello", "").secrets)


def test_there_are_none_at_first(alice, hello):
    assert alice.get(SECRETS).json() == {"secrets": [], "params": []}


def test_code_gets_the_value_and_people_the_name(alice, put):
    answer = put(KEY="s3cret", EMPTY="")
    assert names(answer) == names(alice.get(SECRETS)) == ["EMPTY", "KEY"]
    assert deployed() == {"KEY": "s3cret", "EMPTY": ""}
    for path in (SECRETS, "/hello", "/hello/versions/1"):
        assert b"s3cret" not in alice.get(path).content


def test_parameters_are_told_by_name_alone(alice, hello):
    Version.objects.update(params={"LEVEL": "canary-of-params"})
    answer = alice.get(SECRETS)
    assert answer.json() == {"secrets": [], "params": ["LEVEL"]}
    assert b"canary" not in answer.content


def test_parameters_of_what_was_never_published_are_those_it_began_with(alice, hello):
    Webtask.objects.update(live=None, seed={"params": {"LEVEL": "1"}})
    assert alice.get(SECRETS).json()["params"] == ["LEVEL"]


def test_what_is_not_named_stays_and_null_takes_away(put):
    put(ONE="1", TWO="2")
    assert names(put(TWO="3", NONE=None)) == ["ONE", "TWO"]
    assert names(put(ONE=None)) == ["TWO"]
    assert deployed() == {"TWO": "3"}


def test_a_new_value_has_a_new_time(put):
    first = put(KEY="1").json()["secrets"]
    second = put(KEY="2").json()["secrets"]
    assert first[0]["changed_at"] <= second[0]["changed_at"]
    assert deployed() == {"KEY": "2"}


def test_they_are_of_all_versions(alice, put):
    put(KEY="s3cret")
    alice.publish("hello", "second", base=1)
    assert deployed() == {"KEY": "s3cret"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"secrets": None},
        {"secrets": ["KEY"]},
        {"secrets": {"": "x"}},
        {"secrets": {"k" * 201: "x"}},
        {"secrets": {"a\0b": "x"}},
        {"secrets": {"\ud800": "x"}},
        {"secrets": {"KEY": 5}},
        {"secrets": {"KEY": {"a": "b"}}},
        {"secrets": {"KEY": "x" * 16_385}},
        {"secrets": {"KEY": "x"}, "more": 1},
        {"secrets": {f"K{number}": "x" * 16_384 for number in range(4)}},
    ],
)
def test_what_is_no_secret_is_refused_and_nothing_is_set(alice, put, body):
    put(OLD="x")
    assert (
        alice.patch(SECRETS, {"secrets": {"NEW": "x"}} | body if body.get("more") else body).status_code
        == 400
    )
    assert deployed() == {"OLD": "x"}


def test_the_audit_trail_has_the_names_alone(put):
    put(KEY="s3cret")
    event = AuditEvent.objects.get(action="webtask.secrets")
    assert (event.actor, event.object, event.detail) == (
        "alice@example.com",
        "hello",
        {"names": ["KEY"], "before": {"names": []}, "after": {"names": ["KEY"]}},
    )


def test_whoever_sets_what_is_too_plain_to_be_hidden_is_told(put):
    """Whoever reads the names is not: it says something of the value."""
    told = put(PIN="1234", MODE="production", KEY="s3cret-value", EMPTY="", GONE=None).json()
    assert told["unredacted"] == ["MODE", "PIN"]
    assert "unredacted" not in told["secrets"][0]


@pytest.mark.parametrize(
    "body",
    [
        '{"secrets": {"KEY": ["s3cret-value"]}}',
        '{"secrets": {"KEY": "s3cret-value" "x"}}',
        '{"secrets": {"KEY": "s3cret-value%s"}}' % ("x" * 16_384),
        '{"secrets": "s3cret-value"}',
    ],
)
def test_a_refusal_does_not_repeat_the_value(alice, hello, body):
    answer = alice.client.patch(
        "/api/teams/acme/webtasks/hello/secrets", body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert b"s3cret" not in answer.content


def test_a_viewer_sees_names_and_a_developer_sets_them(people, put):
    put(KEY="s3cret")
    assert names(people.bob(Role.VIEWER).get(SECRETS)) == ["KEY"]
    assert people.bob(Role.OPERATOR).patch(SECRETS, {"secrets": {"KEY": "x"}}).status_code == 403
    assert people.bob(Role.DEVELOPER).patch(SECRETS, {"secrets": {"KEY": "x"}}).status_code == 200
    assert deployed() == {"KEY": "x"}


def test_a_stranger_learns_not_even_names(charlie, put):
    put(KEY="s3cret")
    assert charlie.get(SECRETS).status_code == 404
    assert charlie.patch(SECRETS, {"secrets": {"KEY": None}}).status_code == 404
    assert Secret.objects.count() == 1
