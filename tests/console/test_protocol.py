"""Webtasks and tokens as the published clients see them: endpoints 3 to 8 of the protocol, through HTTP."""

import pytest
from django.test import Client

from console.accounts import tokens
from console.webtasks.models import Secret, Webtask
from tests.console.client import Webtasks, claims_of, live, refused

CODE = "module.exports = cb => cb(null, 1)"


@pytest.fixture
def client(people):
    return Webtasks.of(people.team)


@pytest.fixture
def stranger(people, charlie):
    """With a token for everything in a team of his own."""
    return Webtasks.of(charlie.user.teams.get())


def put(client, name="hello", **body):
    answer = client.put(f"webtask/acme/{name}", {"code": CODE, **body})
    assert answer.status_code == 200, answer.content
    return answer


# -- webtasks -------------------------------------------------------------------------------------------------


def test_put_makes_a_webtask_and_says_where_it_is(client):
    answer = put(client, secrets={"k": "v"}, meta={"a": "b"})
    body = answer.json()
    token = Webtask.objects.get().token
    assert token
    assert body == {
        "container": "acme",
        "name": "hello",
        "token": tokens.sign(token.claims),
        "meta": {"a": "b"},
        "webtask_url": "http://localhost:8000/api/run/acme/hello",
    }
    assert answer["Location"] == body["webtask_url"]
    assert "typ" not in str(claims_of(body["token"]))
    assert token.claims.items() >= {"dd": 0, "dr": 1, "mb": 1, "jtn": "hello"}.items()


def test_put_replaces_all_of_it(client):
    put(client, secrets={"k": "v"}, meta={"a": "b"})
    put(client, code="second")
    found = client.get("webtask/acme/hello", decrypt="true", fetch_code="true").json()
    assert (found["code"], found["secrets"], found["meta"]) == ("second", {}, {})


@pytest.mark.parametrize("sent", [{}, {"secrets": {}}])
def test_who_may_not_set_secrets_leaves_them_as_they_are(client, alice, sent):
    put(client, secrets={"k": "v"}, meta={"a": "b"})
    asked = {"kind": "webtask", "name": "deploys", "scopes": ["webtask.publish", "token.issue"], "depth": 1}
    made = alice.client.post("/api/teams/acme/tokens", asked, content_type="application/json")
    narrow = Webtasks(made.json()["secret"])
    put(narrow, code="second", **sent)
    assert claims_of(narrow.issued(jtn="hello", code="third"))["jtn"] == "hello"
    refused(narrow.put("webtask/acme/hello", {"code": CODE, "secrets": {"k": "other"}}), 403)
    found = client.get("webtask/acme/hello", decrypt="true", fetch_code="true").json()
    assert (found["code"], found["secrets"], found["meta"]) == ("third", {"k": "v"}, {})


@pytest.mark.parametrize(
    "body",
    [
        {}, {"code": CODE, "url": "https://x.test/"}, {"code": 1}, {"url": "file:///x"}, {"code": CODE, "secrets": []},
        {"code": CODE, "meta": {"a": 1}}, {"code": CODE, "host": "x y"}, {"code": CODE, "extra": 1}, {"code": CODE, "ten": "chaos"},
    ],
)  # fmt: skip
def test_a_put_that_makes_no_sense_changes_nothing(client, hello, body):
    refused(client.put("webtask/acme/hello", body), 400)
    assert live().number == 1


def test_a_put_over_the_limit_changes_nothing(client, hello):
    refused(client.put("webtask/acme/hello", {"code": "x" * (1024 * 1024 + 1)}), 413)
    assert live().number == 1


@pytest.mark.parametrize("name", ["@x", "..", "a" * 65, "a b", "ü"])
def test_what_cannot_be_a_name(client, name):
    refused(client.put(f"webtask/acme/{name}", {"code": CODE}), 400)


@pytest.mark.parametrize("name", ["a", "A.b_c~d", "x!$+=:@y", "hello.js"])
def test_what_can_be_a_name(client, name):
    put(client, name)
    assert client.get(f"webtask/acme/{name}").json()["name"] == name


def test_one_webtask_with_what_is_asked_for(client):
    put(client, secrets={"k": "v"})
    plain = client.get("webtask/acme/hello").json()
    assert not {"secrets", "code"} & set(plain)
    assert client.get("webtask/acme/hello", decrypt=1).json()["secrets"] == {"k": "v"}
    assert client.get("webtask/acme/hello", fetch_code="true").json()["code"] == CODE
    assert "code" not in client.get("webtask/acme/hello", fetch_code="false").json()


def test_what_is_not_there_is_404(client, hello, alice):
    alice.post("", {"name": "draft-only"})
    for name in ("none", "draft-only"):
        assert "unable to resolve jtn" in refused(client.get(f"webtask/acme/{name}"), 404)
    refused(client.delete("webtask/acme/none"), 404)
    refused(client.get("webtask/acme/hello/nothing"), 404)


def test_a_list_by_name_with_a_token_in_every_item(client, hello, alice):
    alice.post("", {"name": "draft-only"})
    put(client, "b", meta={"kind": "x"})
    put(client, "a", meta={"kind": "x", "other": "y:z"})
    names = [one["name"] for one in client.get("webtask/acme").json()]
    assert names == ["a", "b", "hello"]
    for one in client.get("webtask/acme").json():
        assert claims_of(one["token"])["jtn"] == one["name"]
        assert "code" not in one
    assert [one["code"] for one in client.get("webtask/acme", fetch_code="true", limit=1).json()] == [CODE]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?limit=2", ["a", "b"]),
        ("?offset=1&limit=1", ["b"]),
        ("?offset=9", []),
        ("?meta=kind:x", ["a", "b"]),
        ("?meta=kind:x&meta=other:y:z", ["a"]),
        ("?meta=kind:x&offset=1", ["b"]),
        ("?meta=kind:", []),
        ("?meta=0:x", []),
    ],
)
def test_a_page_of_a_list(client, hello, query, names):
    put(client, "b", meta={"kind": "x"})
    put(client, "a", meta={"kind": "x", "other": "y:z"})
    assert [one["name"] for one in client.get(f"webtask/acme{query}").json()] == names


def test_a_page_with_much_code_ends_sooner(client, monkeypatch):
    for name in ("a", "b", "c"):
        put(client, name, code="x" * 600)
    monkeypatch.setattr("console.protocol.webtasks.MAX_CODE", 1000)
    pages = [client.get(f"webtask/acme?fetch_code=true&offset={offset}").json() for offset in (0, 2)]
    assert [[one["name"] for one in page] for page in pages] == [["a", "b"], ["c"]]
    assert len(client.get("webtask/acme").json()) == 3


@pytest.mark.parametrize("query", ["?limit=x", "?offset=-1", "?meta=nocolon", "?limit=99999999999"])
def test_a_page_that_makes_no_sense(client, query):
    refused(client.get(f"webtask/acme{query}"), 400)


def test_a_removed_webtask_is_gone_with_its_token_and_secrets(client, people):
    presented = put(client, secrets={"k": "v"}).json()["token"]
    answer = client.delete("webtask/acme/hello")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not Secret.objects.exists()
    refused(client.get("webtask/acme/hello"), 404)
    assert refused(Webtasks(presented).get("webtask/acme"), 403) == "token is revoked"
    assert client.get("webtask/acme").json() == []


# -- who may --------------------------------------------------------------------------------------------------

ROUTES = [
    ("get", "webtask/acme", None),
    ("get", "webtask/acme/hello", None),
    ("put", "webtask/acme/hello", {"code": "stolen"}),
    ("delete", "webtask/acme/hello", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_a_stranger_gets_403_whatever_is_there(stranger, hello, method, path, body):
    message = refused(stranger.call(method, path, body), 403)
    assert message == "not authorized to perform operation on tenant `acme`"
    other = refused(stranger.call(method, path.replace("acme", "nowhere"), body), 403)
    assert other == "not authorized to perform operation on tenant `nowhere`"
    assert live().code == CODE


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_nobody_gets_403_in_the_originals_words(hello, alice, method, path, body):
    words = "rejecting request without Authorization header or key URL query parameter"
    assert refused(Webtasks("").call(method, path, body), 403) == words
    # A page's cookie is no credential here: any page may call.
    assert refused(Webtasks("", alice.client).call(method, path, body), 403) == words


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_a_webtasks_own_token_manages_nothing(client, hello, method, path, body):
    own = Webtasks(client.get("webtask/acme/hello").json()["token"])
    assert "only run the code" in refused(own.call(method, path, body), 403)


def test_the_key_may_be_in_the_query(client, hello):
    assert Webtasks("").get("webtask/acme/hello", key=client.token).status_code == 200


def test_another_scheme_of_authorization(client, hello):
    answer = Client().get("/api/webtask/acme", headers={"authorization": f"Basic {client.token}"})
    assert refused(answer, 403) == "rejecting request with unexpected Authorization header"


# -- from a page of another origin ----------------------------------------------------------------------------


def test_a_page_of_another_origin_may_ask(client, hello):
    answer = client.get("webtask/acme")
    assert answer["Access-Control-Allow-Origin"] == "*"
    for name in ("x-auth0-proxy-stats", "x-auth0-stats", "x-wt-response-source", "location"):
        assert name in answer["Access-Control-Expose-Headers"]
    assert refused(Webtasks("x").get("webtask/acme"), 403)


def test_a_preflight_needs_no_credential():
    asked = {
        "origin": "https://x.test",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "x-a",
    }
    answer = Client().options("/api/webtask/acme/hello", headers=asked)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "PUT" in answer["Access-Control-Allow-Methods"]
    assert answer["Access-Control-Allow-Headers"] == "x-a"


def test_another_method_is_405(client):
    answer = client.call("patch", "webtask/acme", {})
    refused(answer, 405)
    assert answer["Allow"] == "GET, OPTIONS"


def test_what_is_described_needs_no_credential(db):
    assert Client().get("/api/description").status_code == 200


# -- administration -------------------------------------------------------------------------------------------


def test_an_administrator_lists_all_containers_webtasks(client, stranger, hello):
    stranger.put("webtask/chaos/other", {"code": CODE})
    admin = Webtasks.of(None)
    listed = [(one["container"], one["name"]) for one in admin.get("webtask").json()]
    assert listed == [("acme", "hello"), ("chaos", "other")]
    assert [one["name"] for one in admin.get("webtask?offset=1").json()] == ["other"]
    words = "insufficient permissions to call administrative API"
    assert refused(client.get("webtask"), 403) == words


def test_the_cache_of_a_webtask_or_container_is_purged(client, stranger, hello):
    for path in ("cache/acme", "cache/acme/hello"):
        assert client.delete(path).status_code == 204
        refused(stranger.delete(path), 403)
    refused(client.delete("cache/acme/none"), 404)
    refused(stranger.delete("cache/chaos"), 404)


def test_what_is_left_of_rates(client, stranger, people):
    jti = claims_of(client.token)["jti"]
    assert client.get("limits/container/acme").json() == dict.fromkeys(
        ("ls", "lm", "lh", "ld", "lw", "lo"), 0
    )
    assert set(client.get(f"limits/token/{jti}").json()) == {"lts", "ltm", "lth", "ltd", "ltw", "lto"}
    refused(stranger.get("limits/container/acme"), 403)
    refused(stranger.get(f"limits/token/{jti}"), 403)
    for path in ("limits/container/acme", f"limits/token/{jti}"):
        refused(client.delete(path), 403)
        assert Webtasks.of(None).delete(path).status_code == 204


def test_the_editors_link_leads_to_one_page_for_everybody(alice, charlie, db):
    """What it does with the link's token: test_editor_link.py."""
    for path in ("/edit/acme", "/edit/v1/acme", "/edit/v2/acme", "/edit/canary/acme", "/edit/nobody"):
        for client in (alice.client, charlie.client, Client()):
            assert client.get(path).status_code == 200
