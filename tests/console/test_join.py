"""The pages of members and invitations, as forms without JavaScript: invite, follow the link, sign up, come back, join."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from console.accounts.models import Invitation, Member, Token, User
from console.accounts.roles import TABLE, Action, Role
from tests.console.entrance import Somebody, last_code
from tests.console.test_invitations import invited
from tests.console.test_members import number_of, role_of

PAGE = "/t/acme/@members"
# What an invitation says, and nobody learns in another way.
TOLD = ("Acme", "acme", "alice@example.com")


@pytest.fixture(autouse=True)
def quick(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def path_of(made: dict[str, str]) -> str:
    return f"/join/{made['secret']}"


class TestMembersPage:
    def test_it_offers_what_the_role_lets_one_do(self, people, alice):
        admin, viewer = people.bob(Role.ADMIN), people.bob(Role.VIEWER)
        page = text(alice.client.get(PAGE))
        assert f"{PAGE}/{number_of(admin)}/remove" in page
        page = text(admin.client.get(PAGE))
        assert f"{PAGE}/{number_of(viewer)}/remove" in page
        assert f"{PAGE}/{number_of(alice)}" not in page
        assert "Invite" in page
        page = text(viewer.client.get(PAGE))
        assert "alice@example.com" in page
        assert "<form" not in page.partition("<main")[2]
        assert "Invite" not in page

    def test_it_says_what_each_role_may_in_the_words_of_the_table(self, alice):
        page = text(alice.client.get(PAGE)).replace("&#x27;", "'")
        told = dict(re.findall(r"<dt>(\w+)</dt>\s*<dd>(.*?)</dd>", page))
        assert list(told) == ["Viewer", "Operator", "Developer", "Admin", "Owner"]
        assert told["Viewer"].startswith(f"May {Action.VIEW.label}; ")
        assert told["Operator"].startswith("May all that a viewer may, and ")
        for action in Action:
            least = min((role for role in Role if action in TABLE[role]), key=lambda role: len(TABLE[role]))
            assert [role for role, words in told.items() if action.label in words] == [least.label], action

    def test_a_role_is_changed(self, people, alice):
        bob = people.bob(Role.VIEWER)
        path = f"{PAGE}/{number_of(bob)}"
        page = text(alice.client.post(path, {"role": "operator"}, follow=True))
        assert "Bob-Viewer is operator now." in page
        assert role_of(bob) == Role.OPERATOR
        page = text(alice.client.post(f"{PAGE}/{number_of(alice)}", {"role": "viewer"}, follow=True))
        assert "the only owner" in page
        page = text(alice.client.post(path, {"role": "owner"}, follow=True))
        assert "Choose one of the roles" in page

    def test_a_member_is_removed_after_a_question(self, people, alice, hello):
        bob = people.bob(Role.DEVELOPER)
        bob.client.post("/api/teams/acme/tokens", {"name": "t"}, content_type="application/json")
        alice.post("/hello/collaborators", {"email": bob.user.email, "rights": ["run"]})
        path = f"{PAGE}/{number_of(bob)}/remove"
        page = text(alice.client.get(path))
        assert "Revoke the token" in page
        assert "/t/acme/hello" in page  # what they keep is told
        assert Member.objects.filter(user=bob.user).exists()
        page = text(alice.client.post(path, {"revoke": "1"}, follow=True))
        assert "belongs to the team no more" in page
        assert not Member.objects.filter(user=bob.user).exists()
        assert Token.objects.get(name="t").revoked_at

    def test_strangers_find_nothing(self, people, charlie):
        for path in (PAGE, f"{PAGE}/1/remove"):
            assert charlie.client.get(path).status_code == 404
        for path in (f"{PAGE}/1", f"{PAGE}/invite", "/t/acme/@invitations/1/revoke"):
            assert charlie.client.post(path).status_code == 404
            assert people.bob(Role.VIEWER).client.post(path).status_code == 403
        assert Client().get(PAGE).status_code == 302

    def test_a_link_is_shown_once(self, alice):
        answer = alice.client.post(
            f"{PAGE}/invite", {"by": "link", "role": "viewer", "days": "1", "most_uses": "3"}
        )
        found = re.findall(r"/join/([\w-]{43})", text(answer))
        assert set(found) == {found[0]}
        assert "no-store" in answer["Cache-Control"]
        again = text(alice.client.get(PAGE))
        assert found[0] not in again
        assert "used 0 of 3 times, as viewer" in again
        number = Invitation.objects.get().pk
        page = text(alice.client.post(f"/t/acme/@invitations/{number}/revoke", follow=True))
        assert "Open invitations" not in page

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            ({"by": "email", "email": ""}, "Write the address"),
            ({"by": "email", "email": "nobody"}, "no e-mail address"),
            ({"by": "link", "most_uses": "0"}, "greater than or equal to 1"),
            ({"by": "email", "email": "alice@example.com"}, "already"),
        ],
    )
    def test_what_cannot_be_is_told(self, alice, sent, says):
        answer = alice.client.post(f"{PAGE}/invite", {"role": "viewer", "days": "7", **sent})
        assert answer.status_code in (400, 409)
        assert says in text(answer)
        assert not Invitation.objects.exists()


@pytest.mark.parametrize("setting", ["open", "invited"])
def test_a_newcomer_signs_up_and_comes_back_to_accept(alice, settings, setting):
    settings.SIGNUP = setting
    invited(alice, "operator", email="dora@example.com")
    link = re.findall(r"http\S+(/join/\S+)", str(mail.outbox[-1].body))[0]
    dora = Somebody()
    page = text(dora.client.get(link))
    assert all(word in page for word in (*TOLD, "operator", "dora@example.com"))
    assert f"/signup?next={link}&amp;email=dora%40example.com" in page
    assert "dora@example.com" in text(dora.client.get(f"/signup?next={link}&email=dora@example.com"))
    dora.sign_up("dora@example.com", next=link)
    assert dora.prove(last_code())["Location"] == link
    assert not Member.objects.filter(user__email="dora@example.com").exists()  # looking is not accepting
    assert "Join as dora@example.com" in text(dora.client.get(link))
    answer = dora.client.post("/join", {"secret": link.removeprefix("/join/")}, follow=True)
    assert answer.redirect_chain == [("/t/acme", 302)]
    assert "Welcome: you are operator of Acme." in text(answer)


def test_where_people_sign_up_by_invitation_one_to_an_address_is_for_that_address(alice, settings):
    settings.SIGNUP = "invited"
    made = invited(alice, email="dora@example.com")
    eve = Somebody()
    eve.client.get(path_of(made))
    assert "Use that address" in text(eve.sign_up("eve@example.com"))
    assert not User.objects.filter(email="eve@example.com").exists()
    Invitation.objects.update(revoked_at=timezone.now())
    assert "by invitation" in text(eve.sign_up("dora@example.com"))
    assert not User.objects.filter(email="dora@example.com").exists()


@pytest.mark.parametrize(
    ("fate", "says"),
    [("used", "used already"), ("expired", "has ended"), ("revoked", "taken back"), ("void", "taken back")],
)
def test_what_is_over_says_nothing_of_the_team(people, alice, charlie, fate, says):
    admin = people.bob(Role.ADMIN)
    made = invited(admin, email="charlie@example.com")
    row = Invitation.objects.filter(pk=made["number"])
    if fate == "used":
        row.update(uses=1)
    elif fate == "expired":
        row.update(expires_at=timezone.now())
    elif fate == "revoked":
        row.update(revoked_at=timezone.now())
    else:
        admin.user.member_set.all().delete()
    for client in (charlie.client, Client()):
        for answer in (client.get(path_of(made)), client.get("/join/nonsense")):
            page = text(answer).partition("<main")[2]
            assert not any(word in page for word in (*TOLD, "admin", "@example.com"))
        assert answer.status_code == 404
        answer = client.get(path_of(made))
        assert answer.status_code == 410
        assert says in text(answer)
        assert "webtasks.invited" not in client.session
    assert charlie.client.post("/join", {"secret": made["secret"]}).status_code == 410


def test_another_persons_says_nothing_of_the_team(alice, charlie):
    made = invited(alice, email="dora@example.com")
    for answer in (
        charlie.client.get(path_of(made)),
        charlie.client.post("/join", {"secret": made["secret"]}),
    ):
        assert answer.status_code == 403
        assert not any(word in text(answer).partition("<main")[2] for word in TOLD)
    answer = charlie.client.post("/signout", {"next": path_of(made)})
    assert answer["Location"] == path_of(made)


def test_a_member_is_told_so(people, alice):
    bob = people.bob(Role.VIEWER)
    made = invited(alice, "admin")
    for answer in (bob.client.get(path_of(made)), bob.client.post("/join", {"secret": made["secret"]})):
        assert "You are in already" in text(answer)
    assert (role_of(bob), Invitation.objects.get().uses) == (Role.VIEWER, 0)


def test_accepting_needs_a_form_of_ours(alice, charlie):
    made = invited(alice)
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(charlie.user)
    assert careful.post("/join", {"secret": made["secret"]}).status_code == 403
    assert careful.get("/join").status_code == 405
    answer = Client().post("/join", {"secret": made["secret"]})
    assert answer["Location"] == f"/signin?next={path_of(made)}"
    assert not Member.objects.filter(user=charlie.user, team__slug="acme").exists()


@pytest.mark.parametrize("evil", ["//evil.example/x", "https://evil.example", "/api/run/acme/x"])
def test_the_way_back_leads_nowhere_else(alice, evil):
    """Open redirects."""
    dora = Somebody()
    dora.client.get(path_of(invited(alice)))
    dora.sign_up("dora@example.com", next=evil)
    assert dora.prove(last_code())["Location"] == "/"
    answer = Client().post("/join", {"secret": f"../..{evil}"})
    assert answer["Location"].startswith("/signin?next=/join/")


def test_the_log_has_no_secret(alice, caplog):
    made = invited(alice, email="dora@example.com")
    careful = Client(enforce_csrf_checks=True)
    with caplog.at_level("DEBUG"):
        for client in (Client(), careful):
            client.get(path_of(made))
            client.post("/join", {"secret": made["secret"]})
        Invitation.objects.update(uses=1)
        careful.get(path_of(made))
    assert made["secret"] not in caplog.text
