"""A team is deleted: at once for everybody, its rows in small steps."""

import pytest
from django.test import Client

from console.accounts import sweep, tokens
from console.accounts.actions import issue_token
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, FormerName, Team, Token
from console.accounts.roles import Role
from console.accounts.teams import MAX_HELD, disband_team
from console.deliveries.models import Delivery
from console.jobs.kinds import Later
from console.jobs.models import Job
from console.problems import Absent
from console.schedules.models import Schedule
from console.webtasks import records
from console.webtasks.models import Invocation, LogLine, Webtask
from tests.console.client import Webtasks
from tests.console.team_calls import TEAM, delete, found, rename, send

pytestmark = pytest.mark.django_db


def test_a_team_is_deleted_by_whoever_types_its_name(alice, hello):
    for path in ("", "?slug=other"):
        answer = alice.client.delete(f"{TEAM}{path}")
        assert answer.status_code == 400
    assert delete(alice).status_code == 204


@pytest.fixture
def doomed(people, alice, hello, store):
    """acme with something of everything; a client with a token of it."""
    client = Webtasks.of(people.team)
    alice.post("/hello/schedules", {"name": "nightly", "schedule": "0 4 * * *"})
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["code"]})
    alice.patch("/hello/secrets", {"secrets": {"KEY": "x"}})
    line = {"team": "acme", "webtask": "hello", "label": "v1", "invocation": "i", "time": 0, "level": "info"}
    store(1, [{**line, "text": f"{number}"} for number in range(50)])
    return client


def test_it_is_gone_at_once_for_everybody(people, alice, charlie, doomed):
    key = send(alice, "post", "/tokens", {"name": "mine"}).json()["secret"]
    bob = people.bob(Role.ADMIN)
    assert delete(alice).status_code == 204
    for person in (alice, bob, charlie):
        assert person.get("/hello").status_code == 404
        assert person.client.get("/t/acme").status_code == 404
    assert charlie.client.get("/api/shared").json() == []
    assert alice.client.get("/api/teams").json() == []
    assert doomed.get("webtask/acme").status_code == 403
    assert Client().get(TEAM, headers={"authorization": f"Bearer {key}"}).status_code == 401
    assert not Schedule.objects.exists()
    assert not Delivery.objects.exists()
    admin = Webtasks.of(None)
    assert admin.get("webtask").json() == []
    number = Team.objects.exclude(disbanded_at=None).get().pk
    assert admin.get(f"webtask/~{number}").status_code == 403


def test_all_that_it_had_follows_and_the_audit_trail_stays(people, alice, doomed):
    pk = people.team.pk
    delete(alice)
    assert Job.objects.filter(kind="accounts.sweep-teams").exists()
    sweep.sweep()
    assert not Team.objects.filter(pk=pk).exists()
    assert not LogLine.objects.exists()
    assert not Webtask.objects.exists()
    assert not Token.objects.filter(team=pk).exists()
    assert AuditEvent.objects.filter(team_key=pk, action="webtask.publish").exists()
    told = AuditEvent.objects.get(team_key=pk, action="team.delete")
    assert told.detail["before"]["names"] == ["acme"]
    # Other teams are not touched.
    assert Team.objects.filter(slug="chaos").exists()


def test_a_big_team_is_swept_in_small_steps(people, alice, doomed, monkeypatch):
    delete(alice)
    monkeypatch.setattr(sweep, "CHUNK", 10)
    monkeypatch.setattr(sweep, "SECONDS", 0.0)
    left = LogLine.objects.count()
    with pytest.raises(Later):
        sweep.sweep()
    for _ in range(100):
        try:
            sweep.sweep()
        except Later:
            continue
        break
    assert left == 50
    assert not LogLine.objects.exists()
    assert not Team.objects.exclude(disbanded_at=None).exists()


def test_its_names_are_for_nobody_but_who_deleted_it(people, alice, charlie, doomed):
    rename(alice)
    delete(alice, "zenith")
    for slug in ("acme", "zenith"):
        assert found(charlie, slug=slug).status_code == 409
        assert found(alice, slug=slug).status_code == 201
    sweep.sweep()
    # What was told of the old team is not the new one's, and neither is its token good for it.
    assert doomed.get("webtask/acme").status_code == 403
    assert not Invocation.objects.exists()
    assert alice.client.get(f"{TEAM}/webtasks").json() == []


def test_a_late_record_of_a_deleted_team_is_dropped(alice, doomed):
    delete(alice)
    line = {"team": "acme", "webtask": "hello", "label": "v1", "invocation": "i", "time": 0, "level": "info"}
    records.store("node-1", "boot-1", {"seq": 2, "lines": [{**line, "text": "late"}]})
    assert not LogLine.objects.filter(text="late").exists()


def test_one_person_holds_so_many_names(alice, monkeypatch):
    assert MAX_HELD > 10
    monkeypatch.setattr("console.accounts.teams.MAX_HELD", 1)
    delete(alice)
    assert found(alice, slug="another").status_code == 400


def test_two_who_delete_it_at_once_do_it_once(people, alice):
    team = Team.objects.get(slug="acme")
    disband_team(team, actor=SYSTEM)
    with pytest.raises(Absent):
        disband_team(team, actor=SYSTEM)
    assert FormerName.objects.get().slug == "acme"


def test_a_token_for_several_containers_is_good_for_those_that_are_left(people, alice, charlie):
    client = Webtasks(tokens.sign(issue_token(None, "both", actor=SYSTEM, ten="acme,chaos").claims))
    delete(alice)
    assert client.get("webtask/acme").status_code == 403
    assert client.get("webtask/chaos").status_code == 200
