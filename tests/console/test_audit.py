"""Who reads the trail, what they find in it, and what they never do."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from console.accounts import access_audit
from console.accounts.actions import create_team
from console.accounts.audit import SYSTEM, Actor, record
from console.accounts.models import AuditEvent, Team
from console.accounts.roles import TABLE, Action, Role

AUDIT = "/api/teams/acme/audit"
PAGE = "/t/acme/@audit"
OWN = "/account/activity"
pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(people, alice, hello):
    """What alice finds, by the questions that she asks."""

    def trail(person=alice, **asked):
        answer = person.client.get(AUDIT, asked)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return trail


@pytest.fixture
def export(alice, hello):
    def export(kind: str, **asked) -> str:
        answer = alice.client.get(f"{AUDIT}/export", {"format": kind, **asked})
        assert answer.status_code == 200, answer.content
        assert "attachment" in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "no-store"
        return b"".join(answer.streaming_content).decode()

    return export


def actions(events) -> list[str]:
    return [event["action"] for event in events]


def happened(action: str, *, team: Team, subject: str = "x", actor: Actor = SYSTEM, **detail: object) -> None:
    record(actor, action, team, subject, **detail)


# -- what is in it --------------------------------------------------------------------------------------------


def test_an_event_says_who_what_when_and_from_where(alice, trail, hello):
    alice.publish("hello", "second", base=1)
    event = trail()[0]
    assert (event["actor"], event["address"], event["token"]) == ("alice@example.com", "127.0.0.1", None)
    assert (event["action"], event["object"], event["text"]) == (
        "webtask.publish",
        "hello",
        "published hello v2",
    )
    assert (event["before"]["version"], event["after"]["version"]) == (1, 2)
    assert event["detail"] == {"force": False}
    assert event["at"].endswith("Z")


def test_what_a_token_did_names_it_and_its_person(alice, trail):
    made = alice.client.post("/api/teams/acme/tokens", {"name": "ci"}, content_type="application/json").json()
    holder = Client(headers={"authorization": f"Bearer {made['secret']}"})
    holder.post("/api/teams/acme/webtasks", {"name": "made"}, content_type="application/json")
    event = trail()[0]
    assert (event["actor"], event["token"], event["object"]) == ("alice@example.com", made["jti"], "made")


def test_no_secret_is_in_it(alice, trail, export):
    alice.patch("/hello/secrets", {"secrets": {"KEY": "s3cret-value"}})
    alice.patch("/hello/secrets", {"secrets": {"KEY": "s3cret-other", "MORE": "s3cret-more"}})
    alice.put("/hello/storage", {"data": '"s3cret-document"'}, if_none_match="*")
    alice.save("hello", "// s3cret-code", base=1)
    alice.post("/hello/publish", {"message": "", "etag": alice.get("/hello").json()["draft"]["etag"]})
    made = alice.client.post("/api/teams/acme/tokens", {"name": "t"}, content_type="application/json").json()
    alice.delete("/hello")
    told = export("jsonl")
    assert "s3cret" not in told
    assert made["secret"] not in told
    assert '"KEY"' in told


# -- questions ------------------------------------------------------------------------------------------------


def test_questions_choose(people, alice, trail):
    bob = people.bob(Role.ADMIN)
    bob.post("", {"name": "bobs"})
    alice.patch("/hello/secrets", {"secrets": {"KEY": "x"}})
    assert {event["actor"] for event in trail(actor=bob.user.email)} == {bob.user.email}
    assert set(actions(trail(action="webtask"))) == {"webtask.create", "webtask.publish", "webtask.secrets"}
    assert actions(trail(action="webtask.secrets")) == ["webtask.secrets"]
    assert trail(action="webtask.sec") == trail(action="web") == []
    assert {event["object"] for event in trail(object="bobs")} == {"bobs"}
    assert actions(trail(object="bobs", actor="alice@example.com")) == []


def test_days_choose(trail):
    now = timezone.now()
    later = (now + timedelta(minutes=1)).isoformat()
    assert trail(since=later) == []
    assert trail(until=later) == trail()
    assert trail(until=(now - timedelta(minutes=5)).isoformat()) == []
    third = trail()[2]
    assert trail(since=third["at"]) == trail()[:3]
    assert trail(until=third["at"]) == trail()[3:]


def test_pages_follow_one_another_even_within_one_moment(people, trail):
    moment = timezone.now()
    for number in range(7):
        happened("test", team=people.team, subject=f"{number}")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_no_update")
        at = connection.ops.adapt_datetimefield_value(moment)
        cursor.execute("UPDATE accounts_auditevent SET at = %s WHERE action = 'test'", [at])
    seen, before = list[str](), dict[str, int]()
    while found := trail(action="test", limit=3, **before):
        seen += [event["object"] for event in found]
        before = {"before": found[-1]["id"]}
    assert seen == list("6543210")


@pytest.mark.parametrize(
    "asked",
    [{"limit": 0}, {"limit": 201}, {"since": "yesterday"}, {"before": -1}, {"what": "x"}, {"before": 2**63}],
)
def test_questions_that_make_no_sense_are_told(alice, hello, asked):
    assert alice.client.get(AUDIT, asked).status_code == 400


def test_an_index_serves_each_question(people, trail):
    for asked in (
        {},
        {"actor": "x"},
        {"object": "x"},
        {"since": "2020-01-01T00:00:00Z"},
        {"before": trail()[0]["id"]},
    ):
        with CaptureQueriesContext(connection) as asking:
            trail(**asked)
        sql = [one["sql"] for one in asking if "LIMIT 101" in one["sql"] or "LIMIT 100" in one["sql"]][-1]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "USING INDEX audit_by_" in plan, plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan


# -- as a file ------------------------------------------------------------------------------------------------


def test_lines_of_json_are_what_the_list_has(trail, export):
    assert [json.loads(line) for line in export("jsonl").splitlines()] == trail()
    assert export("jsonl", action="webtask.publish").count("\n") == 1


def test_a_table_has_the_same(trail, export):
    rows = list(csv.DictReader(io.StringIO(export("csv"))))
    assert [row["action"] for row in rows] == actions(trail())
    assert json.loads(rows[0]["after"]) == trail()[0]["after"]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(people, export, begins):
    formula = f'{begins}cmd|" /C calc"!A0'
    happened("test", team=people.team, subject=formula, actor=Actor(formula))
    rows = list(csv.reader(io.StringIO(export("csv"), newline="")))
    assert f"'{formula}" in rows[1]
    assert not [cell for row in rows for cell in row if cell.startswith(begins)]


def test_a_long_trail_is_read_part_by_part(people, trail, export, monkeypatch):
    monkeypatch.setattr(access_audit, "PAGE", 2)
    for number in range(5):
        happened("test", team=people.team, subject=f"{number}")
    told = [json.loads(line)["object"] for line in export("jsonl", action="test").splitlines()]
    assert told == list("43210")


def test_an_export_is_what_the_browser_asks_for_by_a_link(alice, hello):
    answer = alice.client.get(f"{AUDIT}/export?format=csv", headers={"accept": "text/html,image/avif"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert alice.client.get(f"{AUDIT}/export?format=exe").status_code == 400


# -- whose it is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_who_reads_it(people, charlie, hello, role):
    for path in (PAGE, AUDIT, f"{AUDIT}/export"):
        expected = 200 if Action.AUDIT in TABLE[role] else 403
        assert people.bob(role).client.get(path).status_code == expected
        assert charlie.client.get(path).status_code == 404


def test_whoever_may_not_read_it_is_not_shown_the_way(people, alice, hello):
    settings = "/t/acme/@settings"
    assert b"@audit" in alice.client.get(settings).content
    assert b"@audit" not in people.bob(Role.DEVELOPER).client.get(settings).content


def test_who_takes_the_name_of_a_team_that_is_gone_sees_nothing_of_theirs(people, alice, charlie, hello):
    alice.patch("/hello/secrets", {"secrets": {"KEY": "x"}})
    people.team.delete()
    create_team("acme", "Another", owner=charlie.user, actor=SYSTEM)
    answer = charlie.client.get(AUDIT)
    assert actions(answer.json()) == ["team.create"]
    theirs = AuditEvent.objects.filter(action="webtask.secrets").get()
    for path in (AUDIT, PAGE):
        assert charlie.client.get(path, {"before": theirs.pk}).status_code == 404
    assert b"hello" not in charlie.client.get(PAGE).content
    assert b"".join(charlie.client.get(f"{AUDIT}/export").streaming_content).count(b"\n") == 1


def test_events_follow_a_team_that_is_renamed(people, alice, trail):
    before = trail()
    Team.objects.filter(slug="acme").update(slug="renamed")
    assert alice.client.get("/api/teams/renamed/audit").json() == before
    assert alice.client.get("/api/teams/renamed/audit", {"object": "hello"}).json()
    assert alice.client.get(AUDIT).status_code == 404


def test_another_teams_events_are_not_in_it(people, charlie, trail):
    happened("test", team=charlie.user.teams.get(), subject="theirs")
    assert "test" not in actions(trail())
    theirs = AuditEvent.objects.get(action="test")
    assert people.alice.client.get(AUDIT, {"before": theirs.pk}).status_code == 404
