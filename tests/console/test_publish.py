"""Publishing and restoring: numbered, immutable, audited, never over a colleague's head."""

import pytest

from console.accounts.models import AuditEvent
from console.accounts.roles import Role
from console.webtasks.models import Draft, Version, Webtask


@pytest.fixture
def bob(people):
    return people.bob(Role.DEVELOPER)


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action).order_by("id"))


def test_publishing_makes_the_next_version_live_and_ends_the_draft(alice, hello):
    published = alice.publish("hello", "second", base=1)
    assert published.status_code == 201
    version = published.json()["version"]
    assert (version["number"], version["live"], version["author"]) == (2, True, "Alice")
    task = alice.get("/hello").json()
    assert task["live"] == version
    assert task["draft"] == {"code": "second", "files": {}, "base": 2, "etag": "", "saved_at": None}
    assert Draft.objects.count() == 0


def test_publishing_is_audited_in_the_same_transaction(alice, hello):
    alice.publish("hello", "second", base=1)
    event = events("webtask.publish")[-1]
    assert (event.actor, event.team, event.object) == ("alice@example.com", "acme", "hello")
    live = Webtask.objects.get().live
    assert live
    assert event.detail == {
        "force": False,
        "before": {"version": 1, "digest": hello["digest"][:16]},
        "after": {"version": 2, "digest": live.digest[:16]},
    }


def test_what_was_not_saved_is_not_published(alice, hello):
    alice.save("hello", "saved", base=1)
    refused = alice.post("/hello/publish", {"message": "", "etag": "other"})
    assert refused.status_code == 412
    assert refused.json()["current"]["code"] == "saved"
    assert Version.objects.count() == 1


@pytest.mark.parametrize("etag", ["", "x"])
def test_without_a_draft_there_is_nothing_to_publish(alice, hello, etag):
    refused = alice.post("/hello/publish", {"message": "", "etag": etag})
    assert (refused.status_code, refused.json()["id"]) == (409, "nothing-to-publish")


def test_a_draft_older_than_the_live_version_is_not_published_unawares(alice, bob, hello):
    etag = bob.save("hello", "bob's", base=1).json()["etag"]
    theirs = alice.publish("hello", "alice's", base=1).json()["version"]
    refused = bob.post("/hello/publish", {"message": "", "etag": etag})
    assert (refused.status_code, refused.json()["id"]) == (409, "overtaken")
    assert refused.json()["live"] == theirs
    assert bob.get("/hello").json()["draft"]["code"] == "bob's"


def test_it_is_published_when_asked_a_second_time(alice, bob, hello):
    etag = bob.save("hello", "bob's", base=1).json()["etag"]
    alice.publish("hello", "alice's", base=1)
    published = bob.post("/hello/publish", {"message": "", "etag": etag, "force": True})
    assert published.json()["version"]["number"] == 3
    detail = events("webtask.publish")[-1].detail
    assert (detail["after"]["version"], detail["force"]) == (3, True)


def test_restoring_makes_a_new_version_with_the_old_code(alice, hello):
    alice.publish("hello", "second", base=1)
    restored = alice.post("/hello/versions/1/restore").json()["version"]
    assert (restored["number"], restored["restored_from"], restored["live"]) == (3, 1, True)
    assert restored["digest"] == hello["digest"]
    assert restored["message"] == "Restore v1"
    assert alice.get("/hello/versions/3").json()["code"] == "module.exports = cb => cb(null, 1)"
    detail = events("webtask.restore")[-1].detail
    assert (detail["before"]["version"], detail["after"]["version"], detail["source"]) == (2, 3, 1)


def test_restoring_leaves_drafts_alone_and_they_are_overtaken(alice, hello):
    alice.publish("hello", "second", base=1)
    etag = alice.save("hello", "mine", base=2).json()["etag"]
    alice.post("/hello/versions/1/restore")
    assert alice.post("/hello/publish", {"message": "", "etag": etag}).status_code == 409


def test_versions_are_listed_newest_first_and_page_by_number(alice, hello):
    for number in range(1, 5):
        alice.publish("hello", f"code {number}", base=number)
    numbers = [version["number"] for version in alice.get("/hello/versions?limit=2").json()]
    assert numbers == [5, 4]
    older = alice.get("/hello/versions?limit=9&before=4").json()
    assert [version["number"] for version in older] == [3, 2, 1]
    assert [version["live"] for version in alice.get("/hello/versions").json()].count(True) == 1


def test_a_version_that_is_not_there_is_absent(alice, hello):
    assert alice.get("/hello/versions/9").status_code == 404
    assert alice.post("/hello/versions/9/restore").status_code == 404


def test_a_version_is_immutable(alice, hello):
    version = Webtask.objects.get().live
    assert version is not None
    version.code = "rewritten"
    with pytest.raises(TypeError, match="immutable"):
        version.save()
