"""Whose draft an executor is given, by the token that its caller showed."""

import pytest
from django.test import Client

from console.accounts import tokens
from console.accounts.actions import issue_token
from console.accounts.audit import SYSTEM
from console.accounts.roles import Role
from tests.console.test_guards import ask, session_of

pytestmark = pytest.mark.django_db


def test_a_draft_is_its_authors_by_a_token_of_theirs(people, alice, charlie, hello, settings):
    def asked(person, *scopes: str, status: int = 200, **more):
        secret = person.client.post(
            "/api/teams/acme/tokens",
            {"name": "x", "kind": "api", "scopes": list(scopes)},
            content_type="application/json",
        ).json()["secret"]
        answer = ask(settings, kind="draft", value=secret, **more)
        assert answer.status_code == status, answer.content
        return answer.json()

    alice.save("hello", "alice's", base=1)
    bob = people.bob(Role.DEVELOPER)
    bob.save("hello", "bob's", base=1)
    node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})
    for person, code in ((alice, "alice's"), (bob, "bob's")):
        grant = asked(person, "webtask.run", "webtask.code")["grant"]
        found = node.get("/internal/deployments/acme/hello", headers={"webtask-grant": grant}).json()
        assert found["files"] == {"hello.js": code}
    refusals = [asked(alice, scope, status=403) for scope in ("webtask.run", "webtask.code")]
    refusals.append(asked(alice, "webtask.run", "webtask.code", status=403, webtask="none"))
    assert len({refusal["message"].replace("none", "hello") for refusal in refusals}) == 1
    operator = people.bob(Role.OPERATOR)
    assert "grant" not in asked(operator, "webtask.run", status=403)
    capability = issue_token(people.team, "any", actor=SYSTEM)
    for value in (tokens.sign(capability.claims), "wtk_none", session_of(alice), "x"):
        assert ask(settings, kind="draft", value=value).status_code == 403
