"""Teams are made, left and handed over."""

import pytest
from django.test import Client

from console.accounts.actions import add_member
from console.accounts.audit import SYSTEM
from console.accounts.models import Member, Team
from console.accounts.roles import Role
from tests.console.team_calls import TEAM, audited, found, send

pytestmark = pytest.mark.django_db


def test_whoever_makes_a_team_owns_it(charlie):
    made = found(charlie, slug="fresh", name="Fresh air")
    assert made.status_code == 201
    assert (made.json()["slug"], made.json()["name"], made.json()["role"]) == ("fresh", "Fresh air", "owner")
    assert "team.delete" in made.json()["allowed"]
    assert [(one["slug"], one["role"]) for one in charlie.client.get("/api/teams").json()] == [
        ("chaos", "owner"),
        ("fresh", "owner"),
    ]


def test_a_team_is_listed_for_its_members_alone(people, alice, charlie):
    bob = people.bob(Role.VIEWER)
    assert [(one["slug"], one["role"]) for one in bob.client.get("/api/teams").json()] == [("acme", "viewer")]
    assert [one["slug"] for one in charlie.client.get("/api/teams").json()] == ["chaos"]
    assert Client().get("/api/teams").status_code == 401


@pytest.mark.parametrize(
    ("slug", "status", "field"),
    [
        ("acme", 409, "slug"),
        ("Upper", 400, "slug"),
        ("-dash", 400, "slug"),
        ("a" * 64, 400, None),
        ("www", 400, "slug"),
        ("xn--80ak6aa92e", 400, "slug"),
        ("~7", 400, "slug"),
    ],
)
def test_a_name_that_cannot_be_had_is_told(charlie, slug, status, field):
    answer = found(charlie, slug=slug)
    assert answer.status_code == status, answer.content
    assert answer.json().get("field") == field


def test_one_person_owns_so_many(people, charlie, settings):
    settings.MAX_TEAMS = 2
    assert found(charlie, slug="second").status_code == 201
    answer = found(charlie, slug="third")
    assert (answer.status_code, answer.json()["id"]) == (400, "invalid")
    assert "2 teams" in answer.json()["detail"]
    # In others' teams one may be without bound.
    add_member(Team.objects.get(slug="second"), people.stranger("dora").user, Role.OWNER, actor=SYSTEM)
    assert charlie.client.post("/api/teams/second/leave").status_code == 204
    assert found(charlie, slug="third").status_code == 201


def test_a_token_is_for_one_team_and_makes_none(alice, hello):
    token = send(alice, "post", "/tokens", {"name": "all"}).json()["secret"]
    bearer = {"authorization": f"Bearer {token}"}
    made = Client().post("/api/teams", {"slug": "new"}, content_type="application/json", headers=bearer)
    assert made.status_code == 403
    found(alice, slug="other")
    assert [one["slug"] for one in Client().get("/api/teams", headers=bearer).json()] == ["acme"]


def test_whoever_leaves_is_out(people, alice, hello):
    bob = people.bob(Role.DEVELOPER)
    assert send(bob, "post", "/leave").status_code == 204
    assert bob.get("/hello").status_code == 404
    event = audited("team.leave")
    assert (event.object, event.detail["before"], event.detail["after"]) == (
        bob.user.email,
        {"role": "developer"},
        {},
    )


def test_the_last_owner_stays(people, alice):
    people.bob(Role.ADMIN)
    answer = send(alice, "post", "/leave")
    assert (answer.status_code, answer.json()["id"]) == (409, "unfit")
    people.bob(Role.OWNER)
    assert send(alice, "post", "/leave").status_code == 204


def test_a_team_is_handed_over(people, alice):
    bob = people.bob(Role.DEVELOPER)
    answer = send(alice, "post", "/transfer", {"email": bob.user.email.upper()})
    assert (answer.status_code, answer.json()["role"]) == (200, "admin")
    assert bob.client.get(TEAM).json()["role"] == "owner"
    event = audited("team.transfer")
    assert event.detail == {
        "before": {alice.user.email: "owner", bob.user.email: "developer"},
        "after": {alice.user.email: "admin", bob.user.email: "owner"},
    }


@pytest.mark.parametrize("email", ["charlie@example.com", "nobody@example.com", "alice@example.com"])
def test_a_team_is_handed_to_another_member_only(people, alice, email):
    answer = send(alice, "post", "/transfer", {"email": email})
    assert (answer.status_code, answer.json()["field"]) == (400, "email")
    assert Member.objects.get(team=people.team, role=Role.OWNER).user == alice.user
