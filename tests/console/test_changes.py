"""What differs between versions besides their text: packages, settings, and which secrets were set meanwhile."""

import pytest

from console.accounts.roles import Role
from console.webtasks.models import Version, Webtask


@pytest.fixture
def second(hello):
    """With other settings than the first, and packages."""
    version = Version.objects.create(
        webtask=Webtask.objects.get(),
        number=2,
        code="second",
        parse_body=1,
        meta={"wt-node-dependencies": '{"lodash": "4.17.21"}', "wt-note": "new"},
        params={"LEVEL": "canary-of-params"},
    )
    Webtask.objects.update(live=version)
    return version


def test_two_versions_and_what_was_set_between(alice, second):
    told = alice.get("/hello/changes?version=2&against=1").json()
    assert told == {
        "modules": [{"name": "lodash", "before": None, "after": "4.17.21"}],
        "settings": [
            {"name": "meta wt-note", "before": None, "after": "new"},
            {"name": "parse_body", "before": None, "after": "1"},
        ],
        "params": ["LEVEL"],
        "secrets": [],
    }
    back = alice.get("/hello/changes?version=1&against=2").json()
    assert back["modules"] == [{"name": "lodash", "before": "4.17.21", "after": None}]


def test_the_draft_against_what_is_live(alice, second):
    alice.save("hello", "mine", base=2)
    assert alice.get("/hello/changes").json() == {"modules": [], "settings": [], "params": [], "secrets": []}
    alice.post("/hello/modules", {"name": "ms", "version": "2.1.3"})
    alice.patch("/hello/secrets", {"secrets": {"KEY": "canary-of-secrets"}})
    told = alice.get("/hello/changes")
    assert told.json()["modules"] == [{"name": "ms", "before": None, "after": "2.1.3"}]
    assert [secret["name"] for secret in told.json()["secrets"]] == ["KEY"]
    assert "canary" not in told.content.decode(), "names alone"
    assert alice.get("/hello/changes?version=2&against=1").json()["secrets"] == []


def test_what_never_was_published_is_compared_with_nothing(alice):
    alice.post("", {"name": "fresh"})
    assert alice.get("/fresh/changes").json()["modules"] == []


def test_only_who_sees_the_code_sees_them(people, charlie, second):
    assert people.bob(Role.DEVELOPER).get("/hello/changes").status_code == 200
    assert people.bob(Role.OPERATOR).get("/hello/changes").status_code in (200, 403)
    assert charlie.get("/hello/changes").status_code == 404


@pytest.mark.parametrize(("query", "status"), [("version=9", 404), ("against=9", 404), ("version=x", 400)])
def test_what_is_not_there(alice, second, query, status):
    assert alice.get(f"/hello/changes?{query}").status_code == status
