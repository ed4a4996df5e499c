"""Tokens that make webtasks, and how many tokens there may be: endpoint 2 of the protocol, through HTTP."""

import time

import pytest

from console.accounts.models import AuditEvent, Token
from console.accounts.tasks import end_tokens
from console.webtasks.models import Version
from tests.console.client import Webtasks, claims_of, live, refused

CODE = "module.exports = cb => cb(null, 1)"


@pytest.fixture
def client(people):
    return Webtasks.of(people.team)


@pytest.fixture
def admin(people):
    return Webtasks.of(None)


def jti_of(token):
    return claims_of(token)["jti"]


def test_a_team_has_so_many_tokens(client, monkeypatch):
    monkeypatch.setattr(
        "console.accounts.actions.MAX_TOKENS", Token.objects.filter(team__slug="acme").count() + 1
    )
    client.issued()
    assert "tokens" in refused(client.issue(), 400)


def test_tokens_that_others_replaced_go_in_time(client, monkeypatch):
    monkeypatch.setattr("console.webtasks.issuing.KEPT_TOKENS", 2)
    made = [client.issued(ten="acme", jtn="hello", code=CODE, dd=1) for _ in range(3)]
    child = Webtasks(made[1]).issued()
    made += [client.issued(ten="acme", jtn="hello", code=CODE) for _ in range(3)]
    left = {jti for jti in map(jti_of, made) if Token.objects.filter(jti=jti).exists()}
    # The last ones, and the one that issued another.
    assert left == set(map(jti_of, [made[1], *made[-2:]]))
    assert Token.objects.filter(jti=jti_of(child)).exists()


def test_tokens_whose_time_is_over_go(client, people):
    over = Webtasks.of(people.team, exp=int(time.time()) - 90_000)
    kept = Webtasks.of(people.team, exp=int(time.time()) - 10)
    end_tokens()
    assert not Token.objects.filter(jti=jti_of(over.token)).exists()
    assert Token.objects.filter(jti=jti_of(kept.token)).exists()


def test_a_name_publishes_a_version_and_says_by_which_token(client):
    client.issued(ten="acme", jtn="hello", code=CODE, meta={"a": "b"}, pctx={"p": "q"}, ectx={"k": "s"}, pb=1)
    version = Version.objects.get()
    assert (version.code, version.meta, version.params) == (CODE, {"a": "b"}, {"p": "q"})
    assert (version.parse_body, version.merge_body) == (1, 0)
    put = AuditEvent.objects.get(action="webtask.put")
    assert put.actor == f"token {claims_of(client.token)['jti']}"


def test_the_same_name_again_is_its_next_version_and_keeps_a_draft(client, people, alice, hello):
    alice.save("hello", "drafted", base=1)
    client.issued(ten="acme", jtn="hello", code="second")
    assert live().number == 2
    assert alice.get("/hello").json()["draft"]["code"] == "drafted"
    client.issued(ten="acme", jtn="hello", code="second", ectx={"k": "v"})
    assert Version.objects.count() == 2


def test_without_code_a_named_one_keeps_what_it_has(client, hello):
    client.issued(ten="acme", jtn="hello", meta={"a": "b"}, ectx={"k": "v"})
    assert (live().code, live().meta) == (CODE, {"a": "b"})


def test_inspected_claims_issue_the_same_again(client):
    presented = client.issued(
        ten="acme", jtn="hello", code=CODE, meta={"on": "1"}, ectx={"k": "v"}, dd=0, dr=1, mb=1
    )
    claims = client.get("tokens/inspect", token=presented, decrypt="true", meta="true").json()
    for name in ("jti", "ca", "iat", "webtask_url"):
        del claims[name]
    assert claims["url"].startswith("webtask://")
    again = client.issued(**{**claims, "meta": {"on": "0"}})
    assert live().code == CODE
    fetched = client.get("tokens/inspect", token=again, decrypt=1, fetch_code=1, meta=1).json()
    assert (fetched["code"], fetched["ectx"], fetched["meta"]) == (CODE, {"k": "v"}, {"on": "0"})


def test_code_elsewhere_stays_elsewhere(client):
    presented = client.issued(ten="acme", jtn="hello", url="https://example.com/x.js")
    version = Version.objects.get()
    assert (version.code, version.url) == ("", "https://example.com/x.js")
    assert claims_of(presented)["url"] == "https://example.com/x.js"


def test_a_domain_of_ones_own_serves_one_container(client, admin, people, settings):
    answer = client.issue(ten="acme", jtn="hello", code=CODE, host="Tasks.example.org")
    assert answer["Location"] == "http://tasks.example.org:8000/acme/hello"
    refused(admin.issue(ten="chaos", jtn="x", code=CODE, host="tasks.example.org"), 400)
    refused(admin.issue(ten="chaos", jtn="x", code=CODE, host="acme.localhost"), 400)
    settings.CONSOLE_HOST = "console.example.com"
    for ours in ("console.example.com", "other.example.com", "example.com", "a.console.example.com"):
        refused(admin.issue(ten="chaos", jtn="x", code=CODE, host=ours), 400)
