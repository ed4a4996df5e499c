"""What a team says of a webtask: a description of one line, and tags to find it by."""

import pytest

from console.accounts.models import AuditEvent
from console.accounts.roles import Role
from console.accounts.sentences import sentence
from tests.console.entrance import Guest

pytestmark = pytest.mark.django_db


def said(person, name="hello"):
    found = person.get(f"/{name}").json()
    return found["description"], found["tags"]


def trail():
    return list(AuditEvent.objects.filter(action="webtask.describe").order_by("pk"))


def test_at_first_nothing_is_said(alice, hello):
    assert said(alice) == ("", [])


def test_it_is_said_where_the_webtask_is_told_of(alice, hello):
    sent = {"description": " Grüßt jeden 👋 ", "tags": ["mail", "2fa", "mail"]}
    answer = alice.patch("/hello", sent)
    assert answer.status_code == 200, answer.content
    for told in (answer.json(), alice.get("/hello").json(), alice.get().json()[0]):
        # Each tag once, in order.
        assert (told["description"], told["tags"]) == ("Grüßt jeden 👋", ["2fa", "mail"])
    assert "draft" not in answer.json()


def test_what_is_not_named_stays(alice, hello):
    alice.patch("/hello", {"description": "Greets", "tags": ["mail"]})
    alice.patch("/hello", {"tags": []})
    assert said(alice) == ("Greets", [])
    alice.patch("/hello", {"description": ""})
    assert said(alice) == ("", [])


def test_the_trail_has_what_changed(alice, hello):
    alice.patch("/hello", {"description": "Greets", "tags": ["mail"]})
    alice.patch("/hello", {"tags": ["cron", "mail"], "description": "Greets"})
    first, second = trail()
    assert sentence(first) == "changed the description or tags of hello"
    assert (first.actor, first.team, first.object) == ("alice@example.com", "acme", "hello")
    assert first.detail == {
        "before": {"description": "", "tags": []},
        "after": {"description": "Greets", "tags": ["mail"]},
    }
    assert second.detail == {"before": {"tags": ["mail"]}, "after": {"tags": ["cron", "mail"]}}


@pytest.mark.parametrize("sent", [{}, {"tags": ["mail", "mail"]}, {"description": "Greets "}])
def test_what_is_said_already_is_no_event(alice, hello, sent):
    alice.patch("/hello", {"description": "Greets", "tags": ["mail"]})
    assert alice.patch("/hello", sent).status_code == 200
    assert len(trail()) == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"description": "x" * 201}, "has 201 characters; the limit is 200"),
        ({"description": "one\ntwo"}, "character 4 (U+000A)"),
        ({"description": "a\x00"}, "character"),
        ({"description": "a\u2028b"}, "(U+2028)"),
        ({"description": "a\u202eb"}, "(U+202E)"),
        ({"description": "\ud800"}, "description"),
        ({"description": 1}, "description"),
        ({"description": None}, "description"),
        ({"tags": ["Mail"]}, "“Mail” is no tag: use 1 to 30 of a to z, 0 to 9 and -."),
        ({"tags": ["fine", "not fine"]}, "“not fine” is no tag"),
        ({"tags": [""]}, "“” is no tag"),
        ({"tags": ["a\n"]}, "is no tag"),
        ({"tags": ["x" * 31]}, "is no tag"),
        ({"tags": ["größe"]}, "“größe” is no tag"),
        ({"tags": [f"t{number}" for number in range(11)]}, "There are 11 tags; the limit is 10."),
        ({"tags": "mail"}, "tags"),
        ({"tags": [1]}, "tags"),
        ({"tag": ["mail"]}, "Unknown member."),
    ],
)
def test_what_will_not_do_is_told_and_changes_nothing(alice, hello, sent, words):
    alice.patch("/hello", {"description": "Greets", "tags": ["mail"]})
    refused = alice.patch("/hello", sent)
    assert (refused.status_code, refused.json()["id"]) == (400, "invalid")
    assert words in refused.content.decode()
    assert said(alice) == ("Greets", ["mail"])
    assert len(trail()) == 1


def test_as_much_as_may_be_is_kept(alice, hello):
    tags = [f"{number:030}" for number in range(10)]
    assert alice.patch("/hello", {"description": "é" * 200, "tags": tags}).status_code == 200
    assert said(alice) == ("é" * 200, tags)


@pytest.mark.parametrize(
    ("role", "status"), [(Role.DEVELOPER, 200), (Role.OPERATOR, 403), (Role.VIEWER, 403)]
)
def test_who_sets_who_may_call_it_says_what_it_is_for(people, alice, charlie, hello, role, status):
    bob = people.bob(role)
    assert bob.patch("/hello", {"description": "Bob’s"}).status_code == status
    assert charlie.patch("/hello", {"description": "Charlie’s"}).status_code == 404
    # A team-mate reads it, whatever they may; a stranger does not.
    assert said(bob) == said(alice) == ("Bob’s" if status == 200 else "", [])
    assert charlie.get("/hello").status_code == 404


@pytest.mark.parametrize("right", ["code", "edit", "run", "logs"])
def test_whom_it_is_shared_with_reads_it_alone(alice, charlie, hello, right):
    alice.patch("/hello", {"description": "Greets", "tags": ["mail"]})
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": [right]})
    assert charlie.patch("/hello", {"description": "Charlie’s"}).status_code == 403
    assert said(charlie) == ("Greets", ["mail"])
    assert b"Greets" in charlie.client.get("/t/chaos").content


def test_a_guest_says_it_of_theirs(db):
    guest = Guest()
    guest.open()
    path = f"/api/teams/{guest.team}/webtasks/hello"
    sent = {"description": "Mine", "tags": ["first"]}
    answer = guest.client.patch(path, sent, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert guest.client.get(path).json()["tags"] == ["first"]


def test_the_trail_tells_what_was_said_of_a_webtask_that_is_gone(alice, hello):
    alice.patch("/hello", {"description": "Greets", "tags": ["mail"]})
    alice.delete("/hello")
    gone = AuditEvent.objects.get(action="webtask.delete").detail["before"]
    assert (gone["description"], gone["tags"]) == ("Greets", ["mail"])
