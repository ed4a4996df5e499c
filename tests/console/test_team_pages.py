"""The pages of a team as such, and the list of teams on every page."""

import pytest
from django.test import Client

from console.accounts.models import Team
from console.accounts.roles import Role
from tests.console.team_calls import found

pytestmark = pytest.mark.django_db


def test_pages_show_each_role_what_it_may(people, alice, charlie):
    shown = alice.client.get("/t/acme/@settings").content.decode()
    assert all(path in shown for path in ("@transfer", "@delete", "@leave", "/export", 'name="slug"'))
    admin = people.bob(Role.ADMIN).client.get("/t/acme/@settings").content.decode()
    assert "/export" in admin
    assert "@delete" not in admin
    viewer = people.bob(Role.VIEWER).client.get("/t/acme/@settings").content.decode()
    assert "@leave" in viewer
    assert not any(word in viewer for word in ("@transfer", "@delete", "/export", 'name="slug"'))


@pytest.mark.parametrize(
    ("form", "role"), [("@transfer", Role.ADMIN), ("@delete", Role.ADMIN), ("@settings", Role.DEVELOPER)]
)
def test_a_form_refuses_whom_the_api_refuses(people, charlie, form, role):
    sent = {"slug": "acme", "name": "Mine", "email": "alice@example.com"}
    assert people.bob(role).client.post(f"/t/acme/{form}", sent).status_code == 403
    assert charlie.client.post(f"/t/acme/{form}", sent).status_code == 404
    assert Client().post(f"/t/acme/{form}", sent).status_code == 302
    assert Team.objects.get(slug="acme").name == "Acme"


def test_a_team_is_deleted_on_its_page_by_its_name_alone(alice):
    assert alice.client.post("/t/acme/@delete", {"slug": "acm"}).status_code == 400
    assert alice.client.post("/t/acme/@delete", {}).status_code == 400
    assert alice.client.post("/t/acme/@delete", {"slug": "acme"})["Location"] == "/"
    assert b"Make your first team" in alice.client.get("/").content


def test_whoever_has_no_team_makes_the_first(people):
    dora = people.stranger("dora")
    assert b'action="/teams/new"' in dora.client.get("/").content
    assert dora.client.post("/teams/new", {"name": "Dora", "slug": "dora"})["Location"] == "/t/dora"
    taken = dora.client.post("/teams/new", {"name": "Mine", "slug": "acme"})
    assert taken.status_code == 409
    assert "already a team named “acme”" in taken.content.decode()


def test_a_team_is_handed_over_on_its_page(people, alice):
    bob = people.bob(Role.VIEWER)
    assert alice.client.post("/t/acme/@transfer", {"email": "charlie@example.com"}).status_code == 400
    done = alice.client.post("/t/acme/@transfer", {"email": bob.user.email})
    assert done["Location"] == "/t/acme/@settings"
    assert bob.client.get("/t/acme/@delete").status_code == 200
    assert alice.client.get("/t/acme/@delete").status_code == 403


def test_every_page_lists_the_teams_that_one_can_switch_to(alice, charlie, hello):
    found(alice, slug="other", name="<Other>")
    for path in ("/t/acme", "/t/acme/hello", "/t/acme/@settings", "/account", "/teams/new", "/nowhere"):
        shown = alice.client.get(path).content.decode()
        assert shown.count('id="wt-teams"') == 1, path
        assert 'href="/t/other"' in shown
        assert "&lt;Other&gt;" in shown
        assert "chaos" not in shown
    assert 'id="wt-teams"' not in Client().get("/signin").content.decode()
