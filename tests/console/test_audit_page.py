"""The trail on pages: a team's for those who may, a person's own for them alone."""

import pytest
from django.test import Client

from console.accounts.audit import SYSTEM, record
from console.accounts.models import AuditEvent, Team, User
from console.accounts.people import note
from console.web import audit as page
from tests.console.entrance import Somebody, last_code

AUDIT = "/api/teams/acme/audit"
PAGE = "/t/acme/@audit"
OWN = "/account/activity"
pytestmark = pytest.mark.django_db


def happened(action: str, *, team: Team, **detail: object) -> None:
    record(SYSTEM, action, team, "x", **detail)


def test_the_page_tells_it_in_sentences(people, alice, hello):
    html = alice.client.get(PAGE).content.decode()
    assert "<strong>Alice</strong> published hello v1" in html
    assert "<strong>The system</strong> created the team" in html
    assert hello["digest"][:16] in html
    assert "each is kept for 365 days" in html


def test_who_takes_an_address_does_not_get_the_deeds_of_whoever_had_it(people, alice, charlie, hello):
    User.objects.filter(pk=alice.user.pk).update(email="moved@example.com")
    User.objects.filter(pk=charlie.user.pk).update(email="alice@example.com")
    html = alice.client.get(PAGE).content.decode()
    assert "<strong>Alice</strong> published hello v1" in html
    assert "Charlie" not in html


def test_the_page_finds_pages_and_exports_what_was_found(people, alice, hello, monkeypatch):
    monkeypatch.setattr(page, "PAGE", 1)
    html = alice.client.get(PAGE, {"actor": "Alice@example.com", "until": "2100-01-01"}).content.decode()
    assert "published hello v1" in html
    assert "created the team" not in html
    newest = AuditEvent.objects.filter(actor="alice@example.com").latest("id")
    older = f"?actor=Alice%40example.com&amp;until=2100-01-01&amp;before={newest.pk}"
    assert older in html
    assert (
        "/api/teams/acme/audit/export?actor=alice%40example.com&amp;until=2100-01-02T00%3A00%3A00%2B00%3A00"
        in html
    )
    assert (
        "created the webtask hello" in alice.client.get(PAGE + older.replace("&amp;", "&")).content.decode()
    )
    assert alice.client.get(PAGE, {"since": "soon"}).status_code == 400


def test_what_a_stranger_wrote_is_shown_as_text(people, alice, hello):
    happened(
        "webtask.share", team=people.team, to="<script>alert(1)</script>", before="odd", after={"x": None}
    )
    html = alice.client.get(PAGE).content.decode()
    assert "<script>alert" not in html
    assert "shared x with &lt;script&gt;" in html


def test_an_action_without_a_sentence_and_one_that_lacks_something_are_told(people, alice):
    happened("future.deed", team=people.team)
    happened("webtask.publish", team=people.team)
    assert [event["text"] for event in alice.client.get(AUDIT, {"limit": 2}).json()] == [
        "published x v…",
        "did future.deed to x",
    ]


def test_a_person_sees_what_happened_to_their_account(db):
    ada = Somebody()
    ada.sign_up("ada@example.com")
    ada.prove(last_code())
    html = ada.client.get(OWN).content.decode()
    assert "You signed up" in html
    assert "You signed in by" in html
    assert "127.0.0.1" in html


def test_nobody_else_sees_it_not_even_who_takes_the_address(people, alice, charlie, rf):
    request = rf.get("/")
    request.META["REMOTE_ADDR"] = "198.51.100.1"
    note(request, alice.user, "user.password")
    assert "198.51.100.1" in alice.client.get(OWN).content.decode()
    assert "198.51.100.1" not in charlie.client.get(OWN).content.decode()
    User.objects.filter(pk=alice.user.pk).update(email="moved@example.com")
    User.objects.filter(pk=charlie.user.pk).update(email="alice@example.com")
    assert "198.51.100.1" not in charlie.client.get(OWN).content.decode()
    hers = AuditEvent.objects.get(action="user.password")
    assert charlie.client.get(OWN, {"before": hers.pk}).status_code == 404
    assert Client().get(OWN).status_code == 302
