"""What executors ask the console over HTTP, and who may ask."""

import time

import pytest
from django.core import signing
from django.test import Client

from console.accounts import tokens
from console.accounts.actions import issue_token, revoke_token
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent
from console.webtasks import deployments
from console.webtasks.actions import set_secrets
from console.webtasks.models import Draft, Secret, Version, Webtask
from executor.contract import Deployment

PATH = "/internal/deployments/acme/hello"


@pytest.fixture
def node(settings):
    return Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer wrong", "Basic x", "Bearer é"])
def test_a_caller_without_the_node_token_is_refused(hello, authorization):
    client = Client(headers={"authorization": authorization} if authorization else {})
    for answer in (client.get(PATH), client.post("/internal/leave", {}, content_type="application/json")):
        assert answer.status_code == 401
        assert set(answer.json()) == {"code", "message"}


def test_a_session_is_no_node_token(alice, hello):
    assert alice.client.get(PATH).status_code == 401


def test_the_live_version_as_a_deployment(node, hello):
    answer = node.get(PATH)
    deployment = Deployment.from_json(answer.json())
    assert (deployment.slot, deployment.label, deployment.version) == ("acme/hello", "v1", 1)
    assert deployment.files == {"hello.js": "module.exports = cb => cb(null, 1)"}
    assert answer["ETag"] == f'"{deployment.digest}"'


@pytest.mark.parametrize("name", ["hello.ts", "hello.mjs", "hello.js"])
def test_the_ending_of_its_name_says_what_language_it_is_in(node, hello, name):
    Webtask.objects.filter(name="hello").update(name=name)
    deployment = Deployment.from_json(node.get(PATH.replace("hello", name)).json())
    assert (deployment.entry, list(deployment.files)) == (name, [name])


def test_it_is_not_sent_again_to_who_has_it(node, hello):
    etag = node.get(PATH)["ETag"]
    again = node.get(PATH, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_new_version_is(node, alice, hello):
    etag = node.get(PATH)["ETag"]
    alice.publish("hello", "second", base=1)
    assert node.get(PATH, headers={"if-none-match": etag}).json()["label"] == "v2"


def test_it_carries_secrets_which_the_database_does_not_show(node, webtask):
    set_secrets(webtask, {"KEY": "s3cret", "gone": "x"}, actor=SYSTEM)
    etag = node.get(PATH)["ETag"]
    set_secrets(webtask, {"gone": None, "number": 5}, actor=SYSTEM)
    answer = node.get(PATH, headers={"if-none-match": etag})
    assert answer.json()["secrets"] == {"KEY": "s3cret", "number": 5}
    assert not any(b"s3cret" in bytes(secret.value) for secret in Secret.objects.all())
    assert "s3cret" not in str(list(AuditEvent.objects.values()))


def test_it_carries_the_token_that_the_url_stands_for(node, webtask):
    deployment = node.get(PATH).json()
    assert deployment["jti"] == webtask.token.jti
    assert deployment["token"] == tokens.sign(webtask.token.claims)
    assert webtask.token.claims["url"] == "webtask://localhost/api/data/code/acme%2Fhello"
    assert deployment["url"] == ""


def test_who_revokes_that_token_closes_the_url(node, webtask):
    revoke_token(webtask.token.jti, actor=SYSTEM)
    answer = node.get(PATH)
    assert (answer.status_code, answer.json()["message"]) == (403, "token is revoked")


def test_settings_stay_with_a_new_text_and_come_back_with_an_old_one(node, alice, webtask):
    Version.objects.filter(number=1).update(meta={"a": "b"}, params={"p": "q"}, parse_body=1, host="x.test")
    alice.publish("hello", "second", base=1)
    Version.objects.filter(number=2).update(meta={})
    second = node.get(PATH).json()
    assert (second["params"], second["parse_body"], second["host"]) == ({"p": "q"}, 1, "x.test")
    alice.post("/hello/versions/1/restore")
    assert node.get(PATH).json()["meta"] == {"a": "b"}


@pytest.mark.parametrize("path", ["acme/none", "nowhere/hello", "acme/%00"])
def test_what_is_not_there_is_404_in_the_originals_words(node, hello, path):
    answer = node.get(f"/internal/deployments/{path}")
    assert answer.status_code == 404
    assert answer.json()["message"].startswith("unable to resolve jtn to webtask token")


def test_a_webtask_never_published_is_404(node, alice):
    alice.post("", {"name": "fresh"})
    answer = node.get("/internal/deployments/acme/fresh")
    assert answer.status_code == 404
    assert "no published version" in answer.json()["message"]


def test_an_unknown_internal_address_is_404(node):
    assert node.get("/internal/nothing").json()["code"] == 404


# -- grants ---------------------------------------------------------------------------------------------------


@pytest.fixture
def webtask(hello):
    return Webtask.objects.get()


@pytest.fixture
def draft(alice, webtask):
    alice.save("hello", "drafted", base=1)
    return Draft.objects.get()


def ask(node, grant, path=PATH):
    return node.get(path, headers={"webtask-grant": grant})


def test_a_grant_names_a_draft(node, webtask, draft):
    deployment = Deployment.from_json(ask(node, deployments.grant(webtask, draft)).json())
    assert deployment.files == {"hello.js": "drafted"}
    assert (deployment.slot, deployment.label, deployment.version) == (f"draft:{draft.pk}", "draft", None)


def test_a_grant_names_a_version_which_takes_no_others_place(node, alice, webtask):
    first = Version.objects.get(number=1)
    grant = deployments.grant(webtask, first)
    alice.publish("hello", "second", base=1)
    deployment = Deployment.from_json(ask(node, grant).json())
    assert (deployment.label, deployment.slot) == ("v1", f"version:{first.pk}")


def test_a_grant_ends_after_a_minute(node, webtask, draft, monkeypatch):
    grant = deployments.grant(webtask, draft)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + deployments.GRANT_SECONDS + 1)
    answer = ask(node, grant)
    assert answer.status_code == 403
    assert "expired" in answer.json()["message"]


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_grant_cannot_be_altered(node, webtask, draft, place):
    grant = list(deployments.grant(webtask, draft))
    grant[place] = "A" if grant[place] != "A" else "B"
    assert ask(node, "".join(grant)).status_code == 403


def test_something_else_we_signed_is_no_grant(node, webtask, draft):
    forged = signing.dumps({"webtask": webtask.pk, "draft": draft.pk}, salt="another purpose")
    assert ask(node, forged).status_code == 403


def test_a_grant_is_for_its_webtask_alone(node, alice, webtask, draft):
    alice.post("", {"name": "other"})
    answer = ask(node, deployments.grant(webtask, draft), "/internal/deployments/acme/other")
    assert answer.status_code == 403


def test_a_grant_for_a_draft_that_is_gone(node, alice, webtask, draft):
    grant = deployments.grant(webtask, draft)
    assert alice.discard("hello", etag=draft.etag).status_code == 204
    assert ask(node, grant).status_code == 404


# -- leave to run ad-hoc code ---------------------------------------------------------------------------------


@pytest.fixture
def leave(node):
    def leave(token: str, team: str = "acme"):
        return node.post("/internal/leave", {"team": team, "token": token}, content_type="application/json")

    return leave


def test_leave_is_a_deployment_without_code(people, leave):
    token = issue_token(people.team, "t", actor=SYSTEM, pctx={"a": "b"}, pb=1, mb=1)
    body = leave(tokens.sign(token.claims)).json()
    template = Deployment.from_json(body["template"])
    assert (body["token"], body["ttl"]) == (token.jti, 30)
    assert (template.webtask, template.slot, template.label) == (None, f"token:{token.jti}:acme", "adhoc")
    assert (template.entry, dict(template.files)) == ("webtask.js", {})
    assert (template.params, template.parse_body, template.merge_body) == ({"a": "b"}, 1, 1)


def test_a_token_for_several_teams_has_a_worker_in_each(people, leave):
    token = issue_token(None, "t", actor=SYSTEM, ten="acme,chaos")
    presented = tokens.sign(token.claims)
    slots = {leave(presented, team).json()["template"]["slot"] for team in ("acme", "chaos")}
    assert len(slots) == 2


def test_leave_does_not_outlast_the_token(people, leave):
    token = issue_token(people.team, "t", actor=SYSTEM, exp=int(time.time()) + 10)
    assert leave(tokens.sign(token.claims)).json()["ttl"] <= 10


def test_a_bad_token_has_the_protocols_answer(people, leave):
    assert leave("").json() == {
        "code": 403,
        "message": "rejecting request without Authorization header or key URL query parameter",
    }


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"team": "acme"}', b"[" * 100_000])
def test_a_question_that_is_none(node, db, body):
    assert node.post("/internal/leave", body, content_type="application/json").status_code == 400


def test_a_version_by_its_pinned_name(node, alice, hello):
    alice.publish("hello", "second", base=1)
    pinned = Deployment.from_json(node.get(f"{PATH}@v1").json())
    assert (pinned.webtask, pinned.label, pinned.version) == ("hello", "v1", 1)
    assert pinned.files == {"hello.js": "module.exports = cb => cb(null, 1)"}
    live, again = (Deployment.from_json(node.get(f"{PATH}{pin}").json()) for pin in ("", "@v2"))
    assert live.files == again.files
    assert len({pinned.slot, live.slot, again.slot}) == 3, "none pushes another out of the pool"
    etag = node.get(f"{PATH}@v1")["ETag"]
    alice.publish("hello", "third", base=2)
    assert node.get(f"{PATH}@v1", headers={"if-none-match": etag}).status_code == 304, "for ever"


def test_a_version_has_the_guard_of_today_and_leads_back_to_itself(node, alice, hello):
    assert alice.put("/hello/guard", {"kind": "private", "secrets": []}).status_code == 200
    guard = Deployment.from_json(node.get(f"{PATH}@v1").json()).guard
    assert (guard.kind, guard.enter.rpartition("/")[2]) == ("private", "hello@v1")
    alice.post("/hello/pause")
    assert Deployment.from_json(node.get(f"{PATH}@v1").json()).paused


def test_a_version_is_served_under_the_domain_of_today(node, hello):
    first = Version.objects.get()
    Version.objects.filter(pk=first.pk).update(host="old.example.com")
    second = Version.objects.create(webtask=first.webtask, number=2, host="new.example.com")
    Webtask.objects.update(live=second)
    assert node.get(f"{PATH}@v1").json()["host"] == "new.example.com"


def test_what_no_pinned_name_names(node, alice, hello):
    unknown = node.get("/internal/deployments/acme/none")
    for name in ("hello@v2", "hello@draft", "none@v1"):
        answer = node.get(f"/internal/deployments/acme/{name}")
        assert answer.status_code == 404
        assert answer.content == unknown.content.replace(b"none", name.encode())
    assert alice.put("/hello/guard", {"kind": "public", "pinned": False}).status_code == 200
    assert node.get(f"{PATH}@v1").status_code == 404
    assert node.get(PATH).status_code == 200
    token = Webtask.objects.get().token
    assert token
    alice.put("/hello/guard", {"kind": "public", "pinned": True})
    revoke_token(token.jti, actor=SYSTEM)
    assert node.get(f"{PATH}@v1").status_code == 403


def test_a_webtask_that_was_named_so_before_keeps_its_url(node, hello):
    Webtask.objects.create(team=Webtask.objects.get().team, name="hello@v1", live=Version.objects.get())
    assert node.get(f"{PATH}@v1").json()["webtask"] == "hello@v1"
