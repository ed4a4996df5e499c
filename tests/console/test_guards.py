"""Who may set who calls a webtask, what cannot be set, and what the console tells executors of callers."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from console.accounts import tokens
from console.accounts.actions import issue_token
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, Team, Token
from console.accounts.roles import Role
from console.deliveries.actions import Parcel, accept
from console.deliveries.lanes import dispatch_due
from console.deliveries.models import Delivery
from console.problems import Overloaded
from console.schedules.due import PAUSED, claim_due
from console.schedules.models import Firing, Schedule
from console.webtasks import deployments
from console.webtasks.models import Webtask
from tests.console.client import Webtasks, refused
from tests.senders import OTHERS, SECRETS

pytestmark = pytest.mark.django_db
STANDARD = "standard-webhooks"


def guard(person, kind="public", *secrets, **more):
    return person.put("/hello/guard", {"kind": kind, "secrets": list(secrets), **more})


@pytest.fixture
def signing(alice, hello):
    """The secret SIGNING, of the form that Standard Webhooks have."""
    assert alice.patch("/hello/secrets", {"secrets": {"SIGNING": SECRETS[STANDARD]}}).status_code == 200


def test_a_webtask_is_public_until_somebody_sets_it(people, alice, charlie, signing):
    told = alice.get("/hello").json()
    assert (told["guard"], told["paused"]) == ("public", False)
    assert alice.get("/hello/guard").json() == {
        "kind": "public",
        "secrets": [],
        "tolerance": 300,
        "pinned": True,
    }
    set_ = guard(alice, STANDARD, "SIGNING", tolerance=60)
    assert (set_.status_code, set_.json()["kind"]) == (200, STANDARD)
    assert alice.get("/hello").json()["guard"] == STANDARD
    assert people.bob(Role.DEVELOPER).get("/hello/guard").json()["tolerance"] == 60
    assert guard(people.bob(Role.OPERATOR)).status_code == 403
    assert guard(charlie).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"kind": "slack"}, "secrets", "Name the secret"),
        ({"kind": "slack", "secrets": ["NONE"]}, "secrets", "no secret “NONE”"),
        ({"kind": "slack", "secrets": ["SIGNING", "SIGNING"]}, "secrets", "different"),
        ({"kind": "private", "secrets": ["SIGNING"]}, "secrets", "no secret"),
        ({"kind": STANDARD, "secrets": ["PLAIN"]}, "secrets", "whsec_"),
        ({"kind": "slack", "secrets": ["SIGNING"], "tolerance": 5}, "tolerance", "10"),
        ({"kind": "slack", "secrets": ["SIGNING"], "tolerance": 3601}, "tolerance", "3600"),
        ({"kind": "basic"}, "kind", "basic"),
        ({"kind": "slack", "secrets": list("ABCD")}, "secrets", "3"),
        ({}, "kind", "required"),
    ],
)
def test_what_cannot_be_a_guard_is_told_where(alice, signing, body, field, says):
    alice.patch("/hello/secrets", {"secrets": {"PLAIN": "hunter2!"}})
    answer = alice.put("/hello/guard", body)
    assert answer.status_code == 400
    told = answer.json()
    assert field in told.get("errors", {}) or told["field"] == field, told
    assert says in answer.content.decode()
    assert "hunter2!" not in answer.content.decode()
    assert alice.get("/hello/guard").json()["kind"] == "public"


def test_a_secret_that_a_guard_needs_stays(alice, signing):
    assert guard(alice, STANDARD, "SIGNING").status_code == 200
    for value in (None, "not base64"):
        answer = alice.patch("/hello/secrets", {"secrets": {"SIGNING": value}})
        assert answer.status_code == 400
        assert "Standard Webhooks" in answer.json()["detail"]
    assert alice.patch("/hello/secrets", {"secrets": {"SIGNING": OTHERS[STANDARD]}}).status_code == 200
    assert guard(alice, "public").status_code == 200
    assert alice.patch("/hello/secrets", {"secrets": {"SIGNING": None}}).status_code == 200


def test_nor_does_a_published_client_take_it_away(alice, signing, people):
    """`wt create` replaces all of a webtask, its secrets too."""
    assert guard(alice, STANDARD, "SIGNING").status_code == 200
    client = Webtasks.of(people.team)
    assert "no secret “SIGNING”" in refused(client.issue(jtn="hello", code="module.exports = 1"), 400)
    kept = client.issue(jtn="hello", code="module.exports = 1", ectx={"SIGNING": OTHERS[STANDARD]})
    assert kept.status_code == 200, kept.content
    assert alice.get("/hello").json()["guard"] == STANDARD


def test_both_are_written_down_with_before_and_after(alice, signing):
    guard(alice, STANDARD, "SIGNING")
    alice.post("/hello/pause")
    alice.post("/hello/pause")
    alice.post("/hello/resume")
    told = AuditEvent.objects.filter(action__in=["webtask.guard", "webtask.pause", "webtask.resume"])
    events = [(event.action, event.detail["before"], event.detail["after"]) for event in told.order_by("pk")]
    public = {
        "kind": "public",
        "secrets": [],
        "tolerance": 300,
        "pinned": True,
    }
    signed = {**public, "kind": STANDARD, "secrets": ["SIGNING"]}
    assert events == [
        ("webtask.guard", public, signed),
        ("webtask.pause", {"paused": False}, {"paused": True}),
        ("webtask.resume", {"paused": True}, {"paused": False}),
    ]
    assert SECRETS[STANDARD] not in str(events)


def test_an_operator_pauses_and_a_viewer_does_not(people, alice, charlie, hello):
    assert people.bob(Role.OPERATOR).post("/hello/pause").json()["paused"] is True
    assert people.bob(Role.VIEWER).post("/hello/resume").status_code == 403
    assert charlie.post("/hello/resume").status_code == 404
    assert alice.get("/hello").json()["paused"] is True
    assert people.bob(Role.OPERATOR).post("/hello/resume").json()["paused"] is False


# -- what executors get ----------------------------------------------------------------------------------------


def test_the_deployment_says_it_and_a_grant_goes_past_a_pause(alice, signing):
    guard(alice, STANDARD, "SIGNING")
    live = deployments.find("acme", "hello", "")
    assert (live.guard.kind, live.guard.secrets, live.paused) == (STANDARD, ("SIGNING",), False)
    alice.post("/hello/pause")
    webtask = Webtask.objects.select_related("live", "team").get(name="hello")
    assert webtask.live
    assert deployments.find("acme", "hello", "").paused
    assert deployments.find("acme", "hello", deployments.vouch(webtask)).paused
    granted = deployments.find("acme", "hello", deployments.grant(webtask, webtask.live))
    assert granted.digest == live.digest


def ask(node, **asked):
    headers = {"authorization": f"Bearer {node.NODE_TOKEN}"}
    told = {"team": "acme", "webtask": "hello", "method": "GET", **asked}
    return Client().post("/internal/visitors", told, content_type="application/json", headers=headers)


def test_only_executors_may_ask_who_is_let_in(hello):
    for path in ("/internal/visitors", "/internal/passes"):
        assert Client().post(path, {}, content_type="application/json").status_code == 401


@pytest.mark.parametrize("path", ["visitors", "passes"])
@pytest.mark.parametrize("body", ["", "[]", "{}", '{"team": "acme"}', "[" * 5000])
def test_an_executor_that_asks_for_nothing_is_told(hello, settings, path, body):
    headers = {"authorization": f"Bearer {settings.NODE_TOKEN}"}
    answer = Client().post(f"/internal/{path}", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400


def session_of(person) -> str:
    return str(person.client.session.session_key)


def test_sessions_are_let_in_by_their_standing(people, alice, charlie, hello, settings):
    members = [(alice, 200), (people.bob(Role.OPERATOR), 200), (people.bob(Role.VIEWER), 403)]
    for person, status in [*members, (charlie, 403)]:
        assert ask(settings, kind="session", value=session_of(person)).status_code == status
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["run"]})
    assert ask(settings, kind="session", value=session_of(charlie)).status_code == 200
    alice.user.is_active = False
    alice.user.save()
    assert ask(settings, kind="session", value=session_of(alice)).status_code == 403


def test_who_may_not_hears_the_same_whatever_is_there(charlie, hello, settings):
    mine = ask(settings, kind="session", value=session_of(charlie))
    nobody = ask(settings, kind="session", value="none")
    absent = ask(settings, kind="session", value=session_of(charlie), webtask="none")
    odd = ask(settings, kind="odd", value="x")
    assert mine.content == nobody.content == odd.content == absent.content.replace(b"none", b"hello")


def test_tokens_are_let_in_by_what_they_are_for(people, hello, settings):
    def asked(token: Token, **more):
        return ask(settings, kind="bearer", value=tokens.sign(token.claims), **more).status_code

    team = people.team
    assert asked(issue_token(team, "any", actor=SYSTEM)) == 200
    assert asked(issue_token(team, "named", actor=SYSTEM, jtnm=["other"])) == 403
    own = Webtask.objects.get(name="hello").token
    assert own
    assert asked(own) == 200, "its own, which its URL stands for"
    assert asked(issue_token(team, "x", actor=SYSTEM, url=tokens.code_url("acme", "other"))) == 403
    other = Team.objects.get(slug="chaos")
    assert asked(issue_token(other, "other", actor=SYSTEM)) == 403
    assert asked(issue_token(other, "x", actor=SYSTEM, url=tokens.code_url("acme", "hello"))) == 403
    limited = issue_token(team, "limited", actor=SYSTEM, ltm=5)
    limited.methods = ["POST"]
    limited.save()
    assert asked(limited) == 403
    told = ask(settings, kind="key", value=tokens.sign(limited.claims), method="POST").json()
    assert told == {"jti": limited.jti, "rates": {"ltm": 5}}


# -- paused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("catch_up", ["skip", "once"])
def test_schedules_of_a_paused_webtask_skip_and_do_not_pile_up(alice, hello, catch_up):
    made = alice.post("/hello/schedules", {"name": "each", "schedule": "* * * * *", "catch_up": catch_up})
    assert made.status_code == 201, made.content
    alice.post("/hello/pause")
    due = Schedule.objects.get().next_at
    assert due
    for minute in range(3):
        assert claim_due(due + timedelta(minutes=minute)) == 0
    assert [(one.type, one.body) for one in Firing.objects.all()] == [("skipped", PAUSED)] * 3
    alice.post("/hello/resume")
    assert claim_due(due + timedelta(minutes=2, seconds=30)) == 0
    assert claim_due(due + timedelta(minutes=3)) == 1


def parcel(name="hello"):
    return Parcel(team="acme", webtask=name, method="POST", host="h", url="/", headers=[], body=b"", key="")


def test_deliveries_to_a_paused_webtask_wait(alice, hello):
    alice.post("/hello/pause")
    kept = accept(parcel())
    later = timezone.now() + timedelta(hours=1)
    dispatch_due(later)
    assert Delivery.objects.get(pk=kept.pk).state == "queued"
    alice.post("/hello/resume")
    dispatch_due(later)
    assert Delivery.objects.get(pk=kept.pk).state == "running"


def test_a_paused_webtask_does_not_take_all_the_room_of_its_team(alice, hello, monkeypatch):
    monkeypatch.setattr("console.deliveries.actions.MOST_PAUSED", 2)
    alice.post("/hello/pause")
    accept(parcel())
    accept(parcel())
    with pytest.raises(Overloaded, match="which is paused"):
        accept(parcel())
    assert alice.post("", {"name": "other", "code": "module.exports = 1"}).status_code == 201
    assert alice.publish("other", "module.exports = 2").status_code == 201
    other = accept(parcel("other"))
    other.refresh_from_db()
    assert other.state == "running", "it has not to wait behind them"


def test_a_delivery_that_a_pause_overtakes_goes_back(alice, hello, wire):
    kept = accept(parcel())
    alice.post("/hello/pause")
    from console.deliveries.rounds import deliver

    deliver(kept.pk)
    found = Delivery.objects.get(pk=kept.pk)
    assert (found.state, found.attempt) == ("queued", 0)


@pytest.mark.parametrize("kind", ["private", STANDARD])
def test_what_the_console_calls_itself_is_vouched_for(alice, signing, wire, kind):
    from console.deliveries.rounds import deliver

    guard(alice, kind, *(["SIGNING"] if kind == STANDARD else []))
    deliver(accept(parcel()).pk)
    assert "webtask-grant" in dict(wire.heard["headers"])
    alice.post("/hello/run", {})
    assert "webtask-grant" in dict(wire.heard["headers"])


def test_the_list_of_webtasks_says_it(alice, hello):
    guard(alice, "private")
    alice.post("/hello/pause")
    listed = json.loads(alice.get("").content)
    assert [(one["guard"], one["paused"]) for one in listed] == [("private", True)]
    page = alice.client.get("/t/acme").content.decode()
    assert "Paused" in page
    assert "Private" in page
