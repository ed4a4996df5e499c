"""Invitations and whoever tries it without an account: nobody that a team could know, until they keep what they have."""

import pytest
from django.utils import timezone

from console.accounts.audit import SYSTEM
from console.accounts.guests import adopt
from console.accounts.models import Invitation, Member, Team
from console.accounts.roles import Role
from tests.console.entrance import Guest, last_code
from tests.console.test_invitations import invited
from tests.console.test_join import PAGE, TOLD, path_of, text


@pytest.fixture(autouse=True)
def quick(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def guest():
    one = Guest()
    one.open()
    return one


def kept(guest: Guest, back: str) -> str:
    """Where they are when they have proved an address."""
    asked = guest.keep("dora@example.com", next=back)["Location"]
    return str(guest.client.post(asked, {"code": last_code(), "action": "verify"})["Location"])


@pytest.mark.parametrize("to", [{}, {"email": "dora@example.com"}])
def test_they_are_no_members(people, alice, guest, to):
    made = invited(alice, "admin", **to)
    shown = {"secret": made["secret"]}
    for answer in (
        guest.client.post("/join", shown),
        guest.client.post("/api/invitations/accept", shown, content_type="application/json"),
    ):
        assert answer.status_code == 403
        assert "Keep it first" in text(answer)
    assert guest.client.get(PAGE).status_code == 404
    assert list(Member.objects.filter(team=people.team).values_list("user", flat=True)) == [alice.user.pk]
    assert Invitation.objects.get().uses == 0


def test_they_keep_it_first_then_join(people, alice, guest):
    made = invited(alice, "operator", email="dora@example.com")
    own = guest.team
    page = text(guest.client.get(path_of(made)))
    assert all(word in page for word in (*TOLD, "operator", "dora@example.com", "Keep it first"))
    assert 'action="/join"' not in page
    keep = f"/keep?next={path_of(made)}"
    assert keep in page
    assert kept(guest, path_of(made)) == path_of(made)
    assert "Join as dora@example.com" in text(guest.client.get(path_of(made)))
    assert guest.client.post("/join", {"secret": made["secret"]})["Location"] == "/t/acme"
    assert set(Team.objects.filter(member__user=guest.user)) == {own, people.team}


def test_where_people_sign_up_by_invitation_they_keep_it_by_theirs(alice, guest, settings):
    settings.SIGNUP = "invited"
    made = invited(alice)
    assert "New accounts are not made here" in text(guest.client.get("/keep"))
    guest.client.get(path_of(made))
    assert kept(guest, path_of(made)) == path_of(made)


def test_who_got_in_once_keeps_their_own_team_and_no_other(people, alice, guest):
    """Guests could join for a while: whoever they hand their team to has that, and what they had there themselves."""
    own, bob = guest.team, people.bob(Role.VIEWER)
    Member.objects.create(team=people.team, user=guest.user, role=Role.ADMIN)
    assert f"<strong>{own}</strong>" in text(guest.client.get("/keep"))
    assert guest.client.get("/new")["Location"] == f"/t/{own}/hello"
    asked = guest.client.post("/keep/in-account")
    assert asked["Location"] == f"/signin?next=%2Ft%2F{own}"
    assert adopt(own.slug, bob.user, actor=SYSTEM)
    roles = dict(Member.objects.filter(user=bob.user).values_list("team__slug", "role"))
    assert roles == {"acme": Role.VIEWER, own.slug: Role.OWNER}


def test_who_got_in_once_is_nobody_when_their_day_is_over(people, guest):
    Member.objects.create(team=people.team, user=guest.user, role=Role.ADMIN)
    Team.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    assert guest.client.get("/new").status_code == 200
    assert "_auth_user_id" not in guest.client.session
