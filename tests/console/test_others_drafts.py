"""Others' drafts can be read by whoever may see the code, and by nobody else; nobody writes but their own."""

import pytest

from console.accounts.models import User
from console.accounts.roles import Role
from tests.console.people import API

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(people):
    return people.bob(Role.DEVELOPER)


@pytest.fixture
def drafts(alice, bob, hello):
    alice.put("/hello/draft", {"code": "é", "files": {"lib/x.js": "123"}, "base": 1}, if_none_match="*")
    bob.save("hello", "of Bob", base=1)


def shared(alice, right):
    answer = alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": [right]})
    assert answer.status_code == 201, answer.content


def test_a_team_mate_finds_and_reads_them(people, alice, bob, drafts):
    viewer = people.bob(Role.VIEWER)
    listed = viewer.get("/hello/drafts").json()
    assert [(one["person"]["name"], one["own"], one["size"]) for one in listed] == [
        (str(bob.user), False, 6),
        ("Alice", False, 5),
    ]
    assert [one["own"] for one in alice.get("/hello/drafts").json()] == [False, True]
    read = viewer.get(f"/hello/drafts/{alice.user.pk}").json()
    assert (read["code"], read["files"], read["base"]) == ("é", {"lib/x.js": "123"}, 1)
    assert "etag" not in read


def test_they_are_only_read(alice, bob, drafts):
    for method in ("put", "post", "patch", "delete"):
        send = getattr(alice.client, method)
        answer = send(f"{API}/hello/drafts/{bob.user.pk}", {"code": "x"}, content_type="application/json")
        assert answer.status_code == 405
    assert alice.get(f"/hello/drafts/{bob.user.pk}").json()["code"] == "of Bob"


@pytest.mark.parametrize(("right", "status"), [("code", 200), ("edit", 200), ("run", 403), ("logs", 403)])
def test_whoever_it_is_shared_with_reads_them_with_the_code(alice, charlie, drafts, right, status):
    shared(alice, right)
    assert charlie.get("/hello/drafts").status_code == status
    assert charlie.get(f"/hello/drafts/{alice.user.pk}").status_code == status


def test_a_stranger_finds_none(alice, charlie, drafts):
    assert charlie.get("/hello/drafts").status_code == 404
    assert charlie.get(f"/hello/drafts/{alice.user.pk}").status_code == 404


def test_who_has_none_is_as_absent_as_nobody(alice, charlie, drafts):
    for person in (charlie.user.pk, 999_999, 2**70):
        assert alice.get(f"/hello/drafts/{person}").status_code == 404
    # Bob's draft of another webtask is not one of this.
    alice.post("", {"name": "young"})
    assert alice.get(f"/hello/drafts/{alice.user.pk}").status_code == 200
    assert alice.get(f"/young/drafts/{999_999}").status_code == 404


def test_addresses_stay_in_the_team(alice, bob, charlie, drafts):
    """Who has no name is called by their address where everybody knows it, and by none elsewhere."""
    User.objects.update(name="")
    shared(alice, "edit")
    assert charlie.save("hello", "of Charlie", base=1).status_code == 200
    names = [one["person"]["name"] for one in alice.get("/hello/drafts").json()]
    assert names == ["Somebody it is shared with", bob.user.email, "alice@example.com"]
    outside = charlie.get("/hello/drafts")
    assert "@" not in outside.content.decode().replace("@type", "")
    assert [one["person"]["name"] for one in outside.json()][1:] == ["Somebody of the team"] * 2


def test_a_guest_has_a_list_of_their_own(client, db):
    assert client.get(f"{API}/hello/drafts").status_code == 401
