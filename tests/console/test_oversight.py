"""Who may look into a token, and who may revoke it: endpoints 3 and 4 of the protocol, through HTTP."""

import json

import pytest
from django.test import Client

from console.accounts.models import Token
from tests.console.client import Webtasks, claims_of, refused

CODE = "module.exports = cb => cb(null, 1)"


@pytest.fixture
def client(people):
    return Webtasks.of(people.team)


@pytest.fixture
def stranger(people, charlie):
    return Webtasks.of(charlie.user.teams.get())


def test_an_inspected_token_tells_its_claims(client):
    presented = client.issued(ten="acme", jtn="hello", code=CODE, ectx={"k": "s3cret"}, meta={"a": "b"})
    found = client.get("tokens/inspect", token=presented).json()
    assert found.pop("webtask_url") == "http://localhost:8000/api/run/acme/hello"
    assert "s3cret" not in found["ectx"]
    assert {**found, "ectx": ""} == {**claims_of(presented), "ectx": ""}
    whole = client.get("tokens/inspect", token=presented, decrypt="true", fetch_code="1", meta="true").json()
    assert (whole["ectx"], whole["code"], whole["meta"]) == ({"k": "s3cret"}, CODE, {"a": "b"})


def test_an_unnamed_tokens_code_and_secrets(client):
    presented = client.issued(ten="acme", code=CODE, ectx={"k": "v"})
    found = client.get("tokens/inspect", token=presented, decrypt=1, fetch_code=1).json()
    assert (found["code"], found["ectx"]) == (CODE, {"k": "v"})
    assert found["webtask_url"].endswith(f"?key={presented}")


def test_a_webtask_of_the_console_can_be_inspected(client, hello):
    presented = client.get("webtask/acme/hello").json()["token"]
    assert client.get("tokens/inspect", token=presented, fetch_code="true").json()["code"] == CODE


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c"])
def test_rubbish_cannot_be_inspected_or_revoked(client, token):
    refused(client.get("tokens/inspect", token=token), 400)
    refused(client.call("post", "tokens/revoke", None, token=token), 400)


def test_only_who_issued_it_inspects_or_revokes_a_token(client, stranger, people):
    child = client.child(dd=3)
    sibling = client.child(dd=3)
    for other in (sibling, stranger, Webtasks.of(people.team)):
        refused(other.get("tokens/inspect", token=child.token), 403)
        refused(other.call("post", "tokens/revoke", None, token=child.token), 403)
    refused(Webtasks("").get("tokens/inspect", token=child.token), 403)
    assert child.get("tokens/inspect", token=child.token).json() == claims_of(child.token)


@pytest.mark.parametrize("claims", [{"ectx": {"k": "v"}}, {"code": CODE}])
def test_who_carries_code_or_secrets_inspects_nothing(client, claims):
    above = client.child(dd=3, **claims)
    below = above.issued()
    refused(above.get("tokens/inspect", token=below, decrypt="true"), 403)


def test_a_token_revokes_itself_unless_it_says_not_to(client):
    one, other = client.child(), client.child(dr=1)
    assert one.call("post", "tokens/revoke", None, token=one.token).status_code == 200
    refused(one.get("webtask/acme"), 403)
    refused(other.call("post", "tokens/revoke", None, token=other.token), 403)
    assert other.get("webtask/acme").status_code == 200


@pytest.mark.parametrize("form", [False, True])
def test_the_token_to_revoke_may_be_in_the_body(client, form):
    child = client.child()
    body = f"token={child.token}" if form else json.dumps({"token": child.token})
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    headers = {"authorization": f"Bearer {client.token}"}
    answer = Client().post("/api/tokens/revoke", body, content_type=kind, headers=headers)
    assert answer.status_code == 200
    assert Token.objects.get(jti=claims_of(child.token)["jti"]).revoked_at
