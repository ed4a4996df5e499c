"""API tokens: issued by members, shown once, narrower than their issuer, ended everywhere at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from console.accounts.actions import revoke_token
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, Member, Token
from console.accounts.roles import TABLE, Action, Role

pytestmark = pytest.mark.django_db
TEAM = "/api/teams/acme"


class Holder:
    """Whoever has a token and nothing else."""

    def __init__(self, secret: str) -> None:
        self.client = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {secret}"})

    def get(self, path=""):
        return self.client.get(f"{TEAM}{path}")

    def send(self, method, path, body=None):
        return getattr(self.client, method)(f"{TEAM}{path}", body or {}, content_type="application/json")

    def issue(self, **wanted):
        return self.send("post", "/tokens", {"name": "child", **wanted})


def issue(person, **wanted):
    body = {"name": "mine", **wanted}
    return person.client.post(f"{TEAM}/tokens", body, content_type="application/json")


def holder(person, **wanted) -> Holder:
    answer = issue(person, **wanted)
    assert answer.status_code == 201, answer.content
    return Holder(answer.json()["secret"])


def test_a_token_is_shown_once_and_kept_nowhere(alice, hello):
    answer = issue(alice)
    secret = answer.json()["secret"]
    assert secret.startswith("wtk_")
    assert answer["Cache-Control"] == "no-store"
    token = Token.objects.get(jti=answer.json()["jti"])
    assert not any(secret in str(value) for value in vars(token).values())
    listed = alice.client.get(f"{TEAM}/tokens").json()
    assert [one["name"] for one in listed] == ["mine"]
    assert secret not in str(listed)
    assert secret not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("role", Role)
def test_without_scopes_it_is_as_wide_as_its_author(people, hello, role):
    assert set(issue(people.bob(role)).json()["scopes"]) == set(TABLE[role])


def test_its_author_may_not_give_what_they_have_not(people, hello):
    answer = issue(people.bob(Role.VIEWER), scopes=["webtask.view", "webtask.edit"])
    assert (answer.status_code, answer.json()["field"]) == (400, "scopes")


def test_scopes_bound_it(alice, hello):
    reader = holder(alice, scopes=["webtask.view", "webtask.code"])
    assert reader.get("/webtasks/hello").json()["allowed"] == ["webtask.code", "webtask.view"]
    refused = reader.get("/webtasks/hello/logs")
    assert (refused.status_code, refused.json()["id"]) == (403, "forbidden")


def test_it_does_no_more_than_its_author_may_now(people, alice, hello):
    bob = people.bob(Role.DEVELOPER)
    token = holder(bob)
    assert token.send("post", "/webtasks", {"name": "one"}).status_code == 201
    Member.objects.filter(user=bob.user).update(role=Role.VIEWER)
    assert token.send("post", "/webtasks", {"name": "two"}).status_code == 403
    Member.objects.filter(user=bob.user).delete()
    assert token.get("/webtasks/hello").status_code == 404
    bob.user.is_active = False
    bob.user.save()
    assert token.get("/webtasks/hello").status_code == 401


def test_of_named_webtasks_it_sees_those_alone(alice, hello):
    alice.post("", {"name": "other"})
    narrow = holder(alice, webtasks=["hello"])
    assert narrow.get("/webtasks/hello").status_code == 200
    assert [one["name"] for one in narrow.get("/webtasks").json()] == ["hello"]
    there, absent = narrow.get("/webtasks/other"), narrow.get("/webtasks/nothere")
    assert there.status_code == 404
    assert there.content == absent.content.replace(b"nothere", b"other")
    assert narrow.send("post", "/webtasks", {"name": "third"}).status_code == 403
    assert narrow.send("patch", "/limits", {"wall_ms": 1000}).status_code == 403


def test_it_is_for_one_team(people, alice, charlie, hello):
    token = holder(alice)
    assert token.client.get("/api/teams/chaos/webtasks").status_code == 404
    assert token.client.get("/api/system/executors").status_code == 403


def test_it_is_for_its_methods(alice, hello):
    reader = holder(alice, methods=["GET"])
    assert reader.get("/webtasks/hello").status_code == 200
    assert reader.send("post", "/webtasks", {"name": "x"}).status_code == 403


def test_a_token_that_staff_hold_does_not_reach_the_nodes(alice, hello):
    alice.user.is_staff = True
    alice.user.save()
    assert alice.client.get("/api/system/executors").status_code == 200
    assert holder(alice).client.get("/api/system/executors").status_code == 403


def test_its_rate_is_kept_for_it_and_its_children_together(alice, hello):
    parent = holder(alice, rates={"day": 4}, depth=1)
    child = Holder(parent.issue().json()["secret"])
    assert [child.get("/webtasks").status_code for _ in range(3)] == [200, 200, 200]
    refused = child.get("/webtasks")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert parent.get("/webtasks").status_code == 429


def test_it_ends_when_it_says(alice, hello):
    token = holder(alice, expires_at=(timezone.now() + timedelta(hours=1)).isoformat())
    assert token.get("/webtasks").status_code == 200
    row = Token.objects.get(name="mine")
    row.claims["exp"] = 1
    row.save()
    assert token.get("/webtasks").status_code == 401


def test_its_use_is_seen(alice, hello):
    token = holder(alice)
    assert alice.client.get(f"{TEAM}/tokens").json()[0]["last_used_at"] is None
    token.get("/webtasks")
    assert alice.client.get(f"{TEAM}/tokens").json()[0]["last_used_at"]


def test_a_child_is_narrower_and_ends_with_its_issuer(alice, hello):
    parent = holder(alice, scopes=["webtask.view", "webtask.code", "token.own"], depth=2)
    wider = parent.issue(scopes=["webtask.edit"])
    assert (wider.status_code, wider.json()["field"]) == (400, "scopes")
    child = Holder(parent.issue(scopes=["webtask.view"], depth=0).json()["secret"])
    assert child.get("/webtasks").status_code == 200
    assert child.issue().status_code == 403
    revoke_token(Token.objects.get(name="mine").jti, actor=SYSTEM)
    assert child.get("/webtasks").status_code == 401


def test_token_replay_after_revocation(alice, hello):
    token = holder(alice)
    jti = alice.client.get(f"{TEAM}/tokens").json()[0]["jti"]
    assert token.get("/webtasks").status_code == 200
    assert alice.client.delete(f"{TEAM}/tokens/{jti}").status_code == 204
    refused = [token.get("/webtasks") for _ in range(2)]
    assert [(answer.status_code, answer.json()["id"]) for answer in refused] == [(401, "unknown-token")] * 2


def test_who_sees_and_revokes_whose(people, alice, charlie, hello):
    viewer, developer = people.bob(Role.VIEWER), people.bob(Role.DEVELOPER)
    jti = issue(viewer).json()["jti"]
    issue(developer)

    def seen(person):
        answer = person.client.get(f"{TEAM}/tokens")
        return {one["author"] for one in answer.json()} if answer.status_code == 200 else answer.status_code

    assert seen(viewer) == {viewer.user.email}
    assert seen(developer) == seen(alice) == {viewer.user.email, developer.user.email}
    assert seen(charlie) == 404
    assert charlie.client.delete(f"{TEAM}/tokens/{jti}").status_code == 404
    assert developer.client.delete(f"{TEAM}/tokens/{jti}").status_code == 403
    assert viewer.client.delete(f"{TEAM}/tokens/{jti}").status_code == 204


@pytest.mark.parametrize("role", Role)
def test_who_issues_webtask_tokens(people, hello, role):
    answer = issue(people.bob(role), kind="webtask")
    assert answer.status_code == (201 if Action.ISSUE in TABLE[role] else 403)


def test_a_webtask_token_keeps_to_its_scopes(alice, hello, client):
    secret = issue(alice, kind="webtask", scopes=["webtask.view"], webtasks=["hello"]).json()["secret"]
    headers = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/webtask/acme/hello", headers=headers).status_code == 200
    assert client.get("/api/webtask/acme/other", headers=headers).status_code == 403
    assert client.delete("/api/webtask/acme/hello", headers=headers).status_code == 403


@pytest.mark.parametrize("shown", ["wtk_", "wtk_" + "a" * 49, "nonsense", ""])
def test_what_is_no_token_is_told(hello, shown):
    answer = Client(headers={"authorization": f"Bearer {shown}"}).get(f"{TEAM}/webtasks")
    assert (answer.status_code, answer.json()["id"]) == (401, "unknown-token")


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": ""}, {"scopes": []}, {"scopes": ["webtask.own"]}, {"webtasks": ["a b"]}, {"methods": ["get"]}, {"depth": 9},
        {"rates": {"day": 0}}, {"rates": {"week": 1}}, {"expires_at": "2001-01-01T00:00:00Z"}, {"kind": "login"}, {"what": 1},
    ],
)  # fmt: skip
def test_a_wish_that_makes_no_sense_is_told(alice, hello, wanted):
    assert issue(alice, **wanted).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_page_that_a_token_opened_ends_with_it(alice, hello, listener):
    secret = issue(alice).json()["secret"]
    page = listener.tail_of_token(secret)
    page.say(t="sub", topic="webtask:acme/hello", since=None)
    assert page.hear()["t"] == "subscribed"
    alice.client.delete(f"{TEAM}/tokens/{Token.objects.get(name='mine').jti}")
    assert page.close_code() == 4401
