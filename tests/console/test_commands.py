"""What the command line does to people and tokens."""

import time

import jwt
import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from console.accounts import tokens
from console.accounts.actions import create_team, create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import Token
from console.problems import Forbidden, Invalid, Taken


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


@pytest.mark.parametrize(
    "command", [["issue_token", "nowhere"], ["revoke_token", "unknown"], ["staff", "nobody@example.com"]]
)
def test_what_is_not_there_is_told(people, command):
    with pytest.raises(CommandError, match="There is no"):
        call_command(*command)
    assert not Token.objects.exists()


def test_the_way_to_a_new_password_that_the_banner_names(db, monkeypatch):
    create_user("demo@example.com", password="the-old-password", actor=SYSTEM)
    monkeypatch.setattr("getpass.getpass", lambda **_: "an-entirely-new-one")
    call_command("changepassword", "demo@example.com", verbosity=0)
    assert authenticate(username="DEMO@example.com ", password="an-entirely-new-one")
    assert not authenticate(username="demo@example.com", password="the-old-password")


def test_an_address_is_one_account_however_it_is_typed(db):
    create_user("Ada@Example.com", password=None, actor=SYSTEM)
    with pytest.raises(Taken):
        create_user(" ada@example.COM", password=None, actor=SYSTEM)


@pytest.mark.parametrize("slug", ["", "Acme", "a_b", "-a", "a-", "a.b", "x" * 64, "é", "a\n"])
def test_a_team_is_named_so_that_it_can_be_a_host(people, alice, slug):
    with pytest.raises(Invalid):
        create_team(slug, "Team", owner=alice.user, actor=SYSTEM)
