"""Endpoints 12 to 17: cron jobs as the published clients speak of them."""

import pytest
from django.utils import timezone

from console.accounts.roles import Role
from console.jobs.models import Job
from console.jobs.work import work
from console.schedules.due import FIRE, claim_due
from console.schedules.models import Schedule
from tests.console.client import Webtasks
from tests.console.test_login import Login

EVERY_FIVE = "3-59/5 * * * *"


@pytest.fixture
def client(people):
    """Of a developer of acme's."""
    return Webtasks.of(people.team)


@pytest.fixture
def job(client, hello):
    made = client.put("cron/acme/hello", {"schedule": EVERY_FIVE, "meta": {"a": "1"}})
    assert made.status_code == 200, made.content
    return made.json()


def test_a_job_is_made_shown_listed_and_removed(client, job):
    assert {"name": "hello", "container": "acme", "state": "active", "tz": "UTC"}.items() <= job.items()
    assert job["schedule"] == EVERY_FIVE
    assert (job["meta"], job["run_count"], job["error_count"], job["results"]) == ({"a": "1"}, 0, 0, [])
    assert job["token"].count(".") == 2
    assert client.get("cron/acme/hello").json() == job
    assert client.get("cron/acme").json() == [job]
    assert client.get("cron/acme/hello/history").json() == []
    removed = client.delete("cron/acme/hello")
    assert (removed.status_code, removed.json()["name"]) == (200, "hello")
    assert client.get("cron/acme/hello").status_code == 404
    assert client.delete("cron/acme/hello").json()["code"] == 404


def test_a_second_put_replaces_and_keeps_the_counts(client, job):
    Schedule.objects.update(run_count=7)
    again = client.put("cron/acme/hello", {"schedule": "0 4 * * *", "tz": "Europe/Oslo"}).json()
    assert (again["schedule"], again["tz"], again["meta"], again["run_count"]) == (
        "0 4 * * *",
        "Europe/Oslo",
        {},
        7,
    )


def test_its_state_is_put_and_an_inactive_one_still_tells_a_date(client, job):
    off = client.put("cron/acme/hello/state", {"state": "inactive"}).json()
    assert (off["state"], bool(off["next_available_at"])) == ("inactive", True)
    assert Schedule.objects.get().next_at is None
    assert client.put("cron/acme/hello/state", {"state": "active"}).json()["state"] == "active"
    assert client.put("cron/acme/hello/state", {"state": "asleep"}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [{}, {"schedule": 5}, {"schedule": "5m"}, {"schedule": "* * * * * *"}, {"schedule": "* * * * *", "tz": "Mars"},
     {"schedule": "* * * * *", "tz": 1}, {"schedule": "* * * * *", "meta": {"a": 1}},
     {"schedule": "* * * * *", "state": []}, {"schedule": "* * * * *", "token": 3}, {"schedule": "* * * * *", "x": 1}],
)  # fmt: skip
def test_what_is_no_job_is_400_and_nothing_is_made(client, hello, body):
    answer = client.put("cron/acme/hello", body)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)
    assert not Schedule.objects.exists()


def test_a_list_is_by_meta_and_in_pages(client, job):
    assert client.get("cron/acme", meta="a:1").json() == [job]
    assert client.get("cron/acme", meta="a:2").json() == []
    assert client.get("cron/acme", offset=1).json() == []


def test_a_job_follows_its_webtasks_token_when_that_is_what_it_was_given(client, hello):
    token = client.issued(ten="acme", jtn="tick", code="module.exports = cb => cb(null, 1)", dd=0)
    job = client.put("cron/acme/tick", {"schedule": EVERY_FIVE, "token": token}).json()
    assert job["token"] == token
    newer = client.issued(ten="acme", jtn="tick", code="module.exports = cb => cb(null, 2)", dd=0)
    assert client.get("cron/acme/tick").json()["token"] == newer


def test_a_token_without_a_name_is_called_as_it_is(client, hello, wire):
    token = client.issued(ten="acme", code="module.exports = cb => cb(null, 1)", dd=0)
    client.put("cron/acme/unnamed", {"schedule": EVERY_FIVE, "token": token})
    Schedule.objects.update(next_at=timezone.now())
    claim_due(timezone.now())
    assert work(Job.objects.get(kind=FIRE).pk)
    assert wire.heard["line"] == "POST /api/run/acme HTTP/1.1"
    assert dict(wire.heard["headers"])["authorization"] == f"Bearer {token}"
    (result,) = client.get("cron/acme/unnamed/history").json()
    assert (result["type"], result["statusCode"], result["body"]) == ("success", 200, "hi")


def test_a_job_whose_own_token_is_spent_is_switched_off(client, hello, wire):
    token = client.issued(ten="acme", code="module.exports = cb => cb(null, 1)", dd=0)
    client.put("cron/acme/unnamed", {"schedule": EVERY_FIVE, "token": token})
    assert client.call("post", "tokens/revoke", {"token": token}).status_code == 200
    Schedule.objects.update(next_at=timezone.now())
    claim_due(timezone.now())
    assert work(Job.objects.get(kind=FIRE).pk)
    job = client.get("cron/acme/unnamed").json()
    assert (job["state"], job["results"][0]["body"]) == ("inactive", "token is revoked")


def test_a_token_with_nothing_to_run_or_of_another_container_is_refused(client, people, hello, charlie):
    general = client.issued(ten="acme")
    assert client.put("cron/acme/hello", {"schedule": EVERY_FIVE, "token": general}).status_code == 400
    from console.accounts.models import Team

    theirs = Webtasks.of(Team.objects.get(slug="chaos")).issued(ten="chaos", code="x", dd=0)
    assert client.put("cron/acme/hello", {"schedule": EVERY_FIVE, "token": theirs}).status_code == 403


def test_without_a_token_there_must_be_such_a_webtask(client, people):
    assert client.put("cron/acme/none", {"schedule": EVERY_FIVE}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("get", "/hello"), ("get", "/hello/history"), ("put", "/hello"), ("put", "/hello/state"), ("delete", "/hello")],
)  # fmt: skip
def test_a_stranger_is_told_nothing(job, people, charlie, method, path):
    from console.accounts.models import Team

    body = {"schedule": EVERY_FIVE, "state": "active"} if method == "put" else None
    stranger = Webtasks.of(Team.objects.get(slug="chaos"))
    for one in (stranger, Webtasks("")):
        assert one.call(method, f"cron/acme{path}", body).status_code == 403
    there = stranger.call(method, f"cron/acme{path}", body).json()["message"]
    absent = stranger.call(method, f"cron/nada{path}", body).json()["message"]
    assert absent == there.replace("acme", "nada")


def test_a_token_for_some_names_sees_those(client, job):
    narrow = client.child(ten="acme", jtnm=["other"])
    assert narrow.get("cron/acme").json() == []
    assert narrow.get("cron/acme/hello").status_code == 403


@pytest.mark.parametrize(("role", "parts"), [(Role.VIEWER, 0), (Role.OPERATOR, 0), (Role.DEVELOPER, 2)])
def test_of_people_those_who_may_issue_tokens_see_one(job, people, role, parts):
    signed_in = Login(people.bob(role)).client()
    told = [signed_in.get("cron/acme/hello").json(), *signed_in.get("cron/acme").json()]
    assert [one["token"].count(".") for one in told] == [parts, parts]
    assert [one["name"] for one in told] == ["hello", "hello"]
