"""What the command line does to people and tokens."""

import time

import jwt
import pytest
from django.core.management import CommandError, call_command

from console.accounts import tokens
from console.accounts.actions import create_team, create_user, issue_key
from console.accounts.audit import SYSTEM, Actor
from console.accounts.models import Kind, Token
from console.accounts.principals import Person
from console.accounts.terms import Terms
from console.problems import Forbidden, Invalid, Taken
from tests.console.entrance import Somebody, last_link


def test_a_token_is_issued_and_revoked(people, capsys):
    call_command("issue_token", "acme", "--name", "ci")
    presented = capsys.readouterr().out.strip()
    token = tokens.verify(presented, "acme")
    assert token.name == "ci"
    call_command("revoke_token", token.jti)
    with pytest.raises(Forbidden, match="token is revoked"):
        tokens.verify(presented, "acme")


def test_an_administrators_token_is_asked_for_by_its_name(people, capsys):
    call_command("issue_token", "--admin")
    claims = jwt.decode(capsys.readouterr().out.strip(), options={"verify_signature": False})
    assert "ten" not in claims
    for wrong in (["issue_token"], ["issue_token", "acme", "--admin"]):
        with pytest.raises(CommandError, match="Name a team"):
            call_command(*wrong)


def test_a_token_may_end_by_itself(people, capsys):
    call_command("issue_token", "acme", "--days", "2")
    claims = jwt.decode(capsys.readouterr().out.strip(), options={"verify_signature": False})
    assert claims["exp"] - time.time() == pytest.approx(2 * 86_400, abs=60)


def test_staff_are_appointed_and_dismissed(alice):
    call_command("staff", "Alice@example.com")
    assert alice.client.get("/api/system/executors").status_code == 200
    call_command("staff", "alice@example.com", "--remove")
    assert alice.client.get("/api/system/executors").status_code == 403


def test_a_person_has_an_account_whoever_may_sign_up(db, settings):
    settings.SIGNUP = "closed"
    call_command("person", "Ada@example.com", "--name", "Ada")
    ada = Somebody()
    ada.ask_for_reset("ada@example.com")
    assert ada.reset(last_link(), "three new words")["Location"] == "/"
    assert ada.is_signed_in()
    with pytest.raises(CommandError, match="already an account"):
        call_command("person", "ada@example.com")
    with pytest.raises(CommandError, match="valid email"):
        call_command("person", "ada")


def test_an_account_is_suspended_and_resumed(people, alice, charlie):
    key = issue_key(
        Person(alice.user), people.team, "mine", kind=Kind.API, wanted=Terms(), actor=Actor("a", alice.user)
    )
    held = {"authorization": f"Bearer {key.secret}"}
    call_command("person", "alice@example.com", "--suspend")
    assert alice.get().status_code == 401
    assert charlie.client.get("/api/teams/acme/webtasks", headers=held).status_code == 401
    call_command("person", "alice@example.com", "--resume")
    assert alice.get().status_code == 200
    assert charlie.client.get("/api/teams/acme/webtasks", headers=held).status_code == 200


@pytest.mark.parametrize(
    "command",
    [
        ["issue_token", "nowhere"],
        ["revoke_token", "unknown"],
        ["staff", "nobody@example.com"],
        ["person", "nobody@example.com", "--suspend"],
    ],
)
def test_what_is_not_there_is_told(people, command):
    with pytest.raises(CommandError, match="There is no"):
        call_command(*command)
    assert not Token.objects.exists()


def test_the_way_to_a_new_password_that_the_banner_names(db, monkeypatch):
    create_user("demo@example.com", password="the-old-password", actor=SYSTEM)
    monkeypatch.setattr("getpass.getpass", lambda **_: "an-entirely-new-one")
    call_command("changepassword", "demo@example.com", verbosity=0)
    assert Somebody().sign_in("DEMO@example.com ", "the-old-password").status_code == 200
    assert Somebody().sign_in("DEMO@example.com ", "an-entirely-new-one").status_code == 302


def test_an_address_is_one_account_however_it_is_typed(db):
    create_user("Ada@Example.com", password=None, actor=SYSTEM)
    with pytest.raises(Taken):
        create_user(" ada@example.COM", password=None, actor=SYSTEM)


@pytest.mark.parametrize("slug", ["", "Acme", "a_b", "-a", "a-", "a.b", "x" * 64, "é", "a\n"])
def test_a_team_is_named_so_that_it_can_be_a_host(people, alice, slug):
    with pytest.raises(Invalid):
        create_team(slug, "Team", owner=alice.user, actor=SYSTEM)
