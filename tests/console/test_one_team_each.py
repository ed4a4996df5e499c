"""Each token that people and their clients issue is one team's, which sees it, hears of it and can end it."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from console.accounts.actions import create_team, issue_token, revoke_token
from console.accounts.audit import SYSTEM, Actor
from console.accounts.models import AuditEvent, Token
from console.accounts.roles import Role
from tests.console.client import Webtasks, claims_of, refused
from tests.console.test_login import Login
from tests.console.test_members import remove

TEAM = "/api/teams/acme"


@pytest.fixture
def bob(people):
    """A developer of acme, with a team of his own."""
    bob = people.bob(Role.DEVELOPER)
    create_team("bobs", "Bobs", owner=bob.user, actor=SYSTEM)
    return bob


def jtis(person) -> set[str]:
    return {token["jti"] for token in person.client.get(f"{TEAM}/tokens").json()}


@pytest.mark.parametrize("wide", [{}, {"ten": "acme,bobs"}, {"ten": "bobs,acme", "dd": 5}])
def test_a_client_issues_none_for_several_teams_at_once(people, bob, wide):
    assert "one of their teams" in refused(Login(bob).client().issue(**wide), 403)
    assert not Token.objects.exists()


def test_what_a_client_issues_is_seen_heard_of_and_ended_by_the_team(people, alice, charlie, bob):
    presented = Webtasks(Login(bob).client().issued(ten="acme"))
    jti = claims_of(presented.token)["jti"]
    assert jti in jtis(alice)
    assert AuditEvent.objects.filter(action="token.issue", team="acme", object=jti).exists()
    assert charlie.client.delete(f"{TEAM}/tokens/{jti}").status_code == 404
    assert presented.get("webtask/acme").status_code == 200
    assert alice.client.delete(f"{TEAM}/tokens/{jti}").status_code == 204
    assert refused(presented.get("webtask/acme"), 403) == "token is revoked"


def test_it_goes_with_whoever_issued_it_where_that_is_asked_for(people, alice, bob):
    presented = Webtasks(Login(bob).client().issued(ten="acme"))
    assert remove(alice, bob, "?revoke_tokens=true").status_code == 204
    refused(presented.get("webtask/acme"), 403)


def test_where_a_client_was_given_one_team_that_goes_without_saying(people, alice, bob):
    presented = Login(bob, "openid wt:owner:acme").client().issued()
    assert claims_of(presented)["jti"] in jtis(alice)


def test_several_names_of_one_team_are_one_team(people, alice):
    client = Webtasks.of(people.team, dd=3)
    names = {"slug": "acme2", "name": "Acme"}
    assert alice.client.patch(TEAM, names, content_type="application/json").status_code == 200
    child = claims_of(client.issued(ten="acme,acme2"))
    assert Token.objects.get(jti=child["jti"]).team == people.team


@pytest.mark.django_db(transaction=True)
def test_executors_hear_of_each_that_ends_with_an_administrators(people, listener):
    """Those are no team's: executors know them by their ids alone."""
    admin = issue_token(None, "admin", actor=SYSTEM)
    child = issue_token(None, "both", actor=SYSTEM, parent=admin, ten="acme,chaos", ca=[admin.jti])
    link = listener.link()
    link.say(t="hello", executor="node-1", boot="boot-1")
    link.until("welcome")
    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(revoke_token, admin.jti, actor=SYSTEM)
        heard = []
        for _ in range(2):
            heard.append(link.until("change"))
            link.say(t="applied", change=heard[-1]["change"])
        done.result()
        threads.submit(connection.close)
    assert [change["token"] for change in heard] == [admin.jti, child.jti]
    link.close()


def test_what_was_issued_for_several_before_is_revoked(people, alice, bob):
    owned = issue_token(None, "old", actor=Actor("bob", bob.user), ten="acme,bobs")
    operators = issue_token(None, "admin", actor=SYSTEM, ten="acme,bobs")
    import_module("console.accounts.migrations.0012_one_team_each").revoke(apps, None)
    standing = Token.objects.filter(revoked_at=None)
    assert list(standing) == [operators]
    told = AuditEvent.objects.filter(action="token.revoke", object=owned.jti).order_by("team")
    assert list(told.values_list("team", flat=True)) == ["acme", "bobs"]
