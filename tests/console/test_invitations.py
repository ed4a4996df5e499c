"""People are invited into a team: by letter or by link, with a role and an end, by whoever may give as much."""

import re
from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail, serializers
from django.utils import timezone

from console.accounts import invitations
from console.accounts.models import AuditEvent, Invitation, Member
from console.accounts.roles import Action, Role
from console.accounts.tasks import end_invitations
from tests.console.people import Person
from tests.console.test_members import at_once, change, remove, role_of

INVITATIONS = "/api/teams/acme/invitations"


def invite(person: Person, role: str = "developer", **more: object):
    return person.client.post(INVITATIONS, {"role": role, **more}, content_type="application/json")


def invited(person: Person, role: str = "developer", **more: object) -> dict[str, str]:
    answer = invite(person, role, **more)
    assert answer.status_code == 201, answer.content
    made: dict[str, str] = answer.json()
    return made


def accept(person: Person, secret: str):
    return person.client.post("/api/invitations/accept", {"secret": secret}, content_type="application/json")


def outcome(answer) -> tuple[int, str]:
    return answer.status_code, answer.json().get("id", "")


def state_of(person: Person, number: object) -> str:
    return str(next(one["state"] for one in person.client.get(INVITATIONS).json() if one["number"] == number))


def test_a_link_lets_anybody_in_up_to_its_uses(people, alice, charlie):
    made = invited(alice, "operator", most_uses=2)
    assert made["url"].endswith(f"/join/{made['secret']}")
    answer = accept(charlie, made["secret"])
    assert (answer.status_code, answer.json()) == (201, {"team": "acme", "role": "operator"})
    assert role_of(charlie) == Role.OPERATOR
    assert accept(people.stranger("dora"), made["secret"]).status_code == 201
    assert outcome(accept(people.stranger("eve"), made["secret"])) == (410, "gone")
    assert state_of(alice, made["number"]) == "used"


def test_an_address_is_invited_by_letter(alice, charlie):
    made = invited(alice, email="Charlie@Example.com")
    letter = mail.outbox[-1]
    assert letter.to == ["charlie@example.com"]
    assert letter.subject == "alice@example.com invites you to the team acme"
    assert made["url"] in letter.body
    assert "as a developer" in letter.body
    assert accept(charlie, made["secret"]).status_code == 201
    assert role_of(charlie) == Role.DEVELOPER


def test_an_invitation_to_an_address_is_for_whoever_proved_it(people, alice, charlie):
    secret = invited(alice, email="dora@example.com")["secret"]
    assert outcome(accept(charlie, secret)) == (403, "forbidden")
    dora = people.stranger("dora")
    EmailAddress.objects.filter(user=dora.user).update(verified=False)
    assert outcome(accept(dora, secret)) == (403, "forbidden")
    EmailAddress.objects.filter(user=dora.user).update(verified=True)
    assert accept(dora, secret).status_code == 201
    assert not Member.objects.filter(team=people.team, user=charlie.user).exists()


@pytest.mark.parametrize("email", [{}, {"email": "charlie@example.com"}])
def test_invitation_replay_is_refused(people, alice, charlie, email):
    secret = invited(alice, **email)["secret"]
    assert accept(charlie, secret).status_code == 201
    remove(alice, charlie)
    for person in (charlie, people.stranger("dora")):
        assert outcome(accept(person, secret)) == (410, "gone")
        assert person.client.post("/join", {"secret": secret}).status_code == 410
    assert not Member.objects.filter(team=people.team, user=charlie.user).exists()


def test_the_secret_is_kept_nowhere(alice, settings):
    settings.EMAIL_BACKEND = "console.accounts.mail.Queued"
    made = invited(alice, email="charlie@example.com")
    rows = serializers.serialize(
        "json", [row for model in apps.get_models() for row in model._base_manager.all()]
    )
    assert made["secret"] not in rows
    assert made["secret"] not in alice.client.get(INVITATIONS).content.decode()


def test_one_that_ended_does_not_work(alice, charlie):
    made = invited(alice, expires_at=(timezone.now() + timedelta(hours=1)).isoformat())
    Invitation.objects.update(expires_at=timezone.now())
    assert outcome(accept(charlie, made["secret"])) == (410, "gone")
    assert state_of(alice, made["number"]) == "expired"


def test_one_that_was_taken_back_does_not_work(alice, charlie):
    made = invited(alice)
    assert alice.client.delete(f"{INVITATIONS}/{made['number']}").status_code == 204
    assert outcome(accept(charlie, made["secret"])) == (410, "gone")
    assert state_of(alice, made["number"]) == "revoked"


def test_one_that_never_was_is_not_there(charlie):
    assert outcome(accept(charlie, "x" * 43)) == (404, "absent")


@pytest.mark.parametrize("fate", ["demoted", "removed", "switched off"])
def test_it_holds_no_longer_than_its_author_may_invite(people, alice, charlie, fate):
    admin = people.bob(Role.ADMIN)
    made = invited(admin)
    if fate == "demoted":
        change(alice, admin, "developer")
    elif fate == "removed":
        remove(alice, admin)
    else:
        admin.user.is_active = False
        admin.user.save()
    assert outcome(accept(charlie, made["secret"])) == (410, "gone")
    assert state_of(alice, made["number"]) == "void"
    # As it was: it works again with its author's right.
    Member.objects.update_or_create(team=people.team, user=admin.user, defaults={"role": Role.ADMIN})
    admin.user.is_active = True
    admin.user.save()
    assert accept(charlie, made["secret"]).status_code == 201


def test_nobody_invites_above_themselves(people, alice):
    for person in (alice, people.bob(Role.ADMIN)):
        assert invite(person, "owner").status_code == 400
        assert invite(person, "admin").status_code == 201
    token = people.bob(Role.ADMIN).client.post(
        "/api/teams/acme/tokens",
        {"name": "narrow", "scopes": ["team.invite", "webtask.view", "webtask.code"]},
        content_type="application/json",
    )
    assert Action.INVITE in token.json()["scopes"]
    headers = {"authorization": f"Bearer {token.json()['secret']}"}
    answer = alice.client.post(
        INVITATIONS, {"role": "viewer"}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 403
    assert "more than you may" in answer.json()["detail"]


def test_a_member_is_told_so_and_nothing_changes(people, alice, charlie):
    bob = people.bob(Role.VIEWER)
    secret = invited(alice, "admin")["secret"]
    assert outcome(accept(bob, secret)) == (409, "taken")
    assert role_of(bob) == Role.VIEWER
    assert outcome(accept(alice, secret)) == (409, "taken")
    assert role_of(alice) == Role.OWNER
    assert accept(charlie, secret).status_code == 201
    assert outcome(invite(alice, email=bob.user.email)) == (409, "taken")


def test_no_token_joins_a_team(alice, charlie):
    secret = invited(alice)["secret"]
    token = charlie.client.post("/api/teams/chaos/tokens", {"name": "t"}, content_type="application/json")
    headers = {"authorization": f"Bearer {token.json()['secret']}"}
    answer = charlie.client.post(
        "/api/invitations/accept", {"secret": secret}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 403


def test_another_for_the_same_address_replaces_the_first(alice, charlie):
    first, second = (invited(alice, role, email="charlie@example.com") for role in ("admin", "viewer"))
    assert outcome(accept(charlie, first["secret"])) == (410, "gone")
    assert accept(charlie, second["secret"]).status_code == 201
    assert role_of(charlie) == Role.VIEWER


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"role": "king"}, "king"),
        ({"role": "viewer", "email": "nobody"}, "email"),
        ({"role": "viewer", "most_uses": 101}, "most_uses"),
        ({"role": "viewer", "most_uses": 2, "email": "a@example.com"}, "one person"),
        ({"role": "viewer", "expires_at": "2020-01-01T00:00:00Z"}, "within 30 days"),
        ({"role": "viewer", "expires_at": "2999-01-01T00:00:00Z"}, "within 30 days"),
    ],
)
def test_what_cannot_be_is_told(alice, body, says):
    answer = alice.client.post(INVITATIONS, body, content_type="application/json")
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not Invitation.objects.exists()


def test_open_ones_are_bounded(alice, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    made = [invited(alice) for _ in range(2)]
    assert invite(alice).status_code == 400
    alice.client.delete(f"{INVITATIONS}/{made[0]['number']}")
    assert invite(alice).status_code == 201


@pytest.mark.parametrize("of", ["team", "author", "email"])
def test_letters_are_bounded(people, alice, charlie, monkeypatch, of):
    monkeypatch.setitem(invitations.LETTERS, of, 2)
    addresses = ["dora@example.com" if of == "email" else f"dora{number}@example.com" for number in range(3)]
    admin = people.bob(Role.ADMIN)
    authors = [alice, alice if of == "author" else admin, alice]
    answers = [invite(author, email=email) for author, email in zip(authors, addresses, strict=True)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert len(mail.outbox) == 2
    assert invite(alice).status_code == 201
    Invitation.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert invite(alice, email=addresses[2]).status_code == 201


def test_a_letter_holds_no_free_text(people, alice):
    people.team.name = "Buy at http://evil.example"
    people.team.save()
    alice.user.name = "You won! http://evil.example"
    alice.user.save()
    invited(alice, email="charlie@example.com")
    found = re.findall(r"https?://\S+", f"{mail.outbox[-1].subject} {mail.outbox[-1].body}")
    assert {url.split("/")[2] for url in found} == {"localhost:8000"}
    assert "evil" not in mail.outbox[-1].body


def test_a_full_team_takes_nobody(alice, charlie, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_MEMBERS", 1)
    assert outcome(accept(charlie, invited(alice)["secret"])) == (409, "unfit")


def test_writes_are_told_with_what_was_before(people, alice, charlie):
    made = invited(alice, "viewer", most_uses=3)
    accept(charlie, made["secret"])
    alice.client.delete(f"{INVITATIONS}/{made['number']}")
    told = list(AuditEvent.objects.filter(team="acme").order_by("pk").values_list("actor", "action"))
    assert told[-4:] == [
        ("alice@example.com", "invitation.create"),
        ("charlie@example.com", "member.add"),
        ("charlie@example.com", "invitation.accept"),
        ("alice@example.com", "invitation.revoke"),
    ]
    created, accepted, revoked = AuditEvent.objects.filter(action__startswith="invitation.").order_by("pk")
    assert created.detail["after"] == {
        "number": made["number"],
        "role": "viewer",
        "expires_at": Invitation.objects.get().expires_at.isoformat(timespec="seconds"),
        "most_uses": 3,
    }
    assert (accepted.detail["before"], accepted.detail["after"]) == ({"uses": 0}, {"uses": 1})
    assert (revoked.detail["before"], revoked.detail["after"]) == ({"role": "viewer"}, {})
    assert all(made["secret"] not in str(event.detail) for event in (created, accepted, revoked))


def test_old_ones_are_forgotten(alice):
    old, new = invited(alice), invited(alice)
    Invitation.objects.filter(pk=old["number"]).update(expires_at=timezone.now() - timedelta(days=31))
    end_invitations()
    assert [one["number"] for one in alice.client.get(INVITATIONS).json()] == [new["number"]]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_last_use_at_once_one_gets_in(people, alice, charlie):
    secret = invited(alice)["secret"]
    statuses = at_once(*(partial(accept, person, secret) for person in (charlie, people.stranger("dora"))))
    assert sorted(statuses) == [201, 410]
    assert Member.objects.filter(team=people.team).count() == 2
