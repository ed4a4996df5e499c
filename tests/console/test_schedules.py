"""Schedules: that each time is fired once whatever happens, and what is kept of it."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from console.accounts.models import AuditEvent, Token
from console.jobs import queue
from console.jobs.models import Job
from console.jobs.states import State as JobState
from console.jobs.work import work
from console.schedules.due import FIRE, claim_due
from console.schedules.firings import AT_ONCE, ATTEMPTS, HISTORY
from console.schedules.models import Firing, Schedule
from tests.console.wire import answer


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# -- the API --------------------------------------------------------------------------------------------------


@pytest.fixture
def nightly(alice, hello):
    made = alice.post("/hello/schedules", {"name": "nightly", "schedule": "0 4 * * *", "tz": "Europe/Oslo"})
    assert made.status_code == 201, made.content
    return Schedule.objects.get()


def test_a_schedule_tells_its_next_runs(alice, nightly):
    told = alice.get("/hello/schedules/nightly").json()
    assert len(told["next_runs"]) == 5
    assert at(told["next_runs"][0]) == nightly.next_at
    assert (told["webtask"], told["catch_up"], told["state"], told["last"]) == (
        "hello",
        "skip",
        "active",
        None,
    )
    assert alice.get("/hello/schedules").json() == [told]


def test_without_a_name_it_has_the_webtasks(alice, hello):
    assert alice.post("/hello/schedules", {"schedule": "* * * * *"}).json()["name"] == "hello"
    assert alice.post("/hello/schedules", {"schedule": "* * * * *"}).status_code == 409


def test_an_inactive_one_has_no_next_run_and_an_active_one_has_again(alice, nightly):
    assert alice.patch("/hello/schedules/nightly", {"state": "inactive"}).json()["next_runs"] == []
    nightly.refresh_from_db()
    assert nightly.next_at is None
    assert alice.patch("/hello/schedules/nightly", {"state": "active"}).json()["next_runs"]


def test_a_mistake_changes_nothing(alice, nightly):
    assert alice.patch("/hello/schedules/nightly", {"schedule": "0 0 30 2 *"}).status_code == 400
    assert alice.get("/hello/schedules/nightly").json()["schedule"] == "0 4 * * *"


def test_a_team_has_so_many_and_no_more(alice, hello, settings):
    settings.MAX_SCHEDULES = 2
    made = [alice.post("/hello/schedules", {"name": name, "schedule": "* * * * *"}) for name in "abc"]
    assert [one.status_code for one in made] == [201, 201, 400]
    assert alice.delete("/hello/schedules/a").status_code == 204
    assert alice.post("/hello/schedules", {"name": "c", "schedule": "* * * * *"}).status_code == 201


def test_one_of_another_webtask_is_not_there(alice, nightly):
    alice.post("", {"name": "other"})
    assert alice.get("/other/schedules/nightly").status_code == 404
    assert alice.delete("/other/schedules/nightly").status_code == 404


def test_each_write_is_audited(alice, nightly):
    alice.patch("/hello/schedules/nightly", {"state": "inactive"})
    alice.delete("/hello/schedules/nightly")
    told = (
        AuditEvent.objects.filter(action__startswith="schedule.")
        .order_by("id")
        .values_list("action", "object", "detail")
    )
    assert [what[:2] for what in told] == [
        (f"schedule.{verb}", "nightly") for verb in ("put", "change", "delete")
    ]
    assert told[1][2] == {"before": {"state": "active"}, "after": {"state": "inactive"}}


# -- claiming -------------------------------------------------------------------------------------------------


def due(schedule: Schedule, **ago: float) -> datetime:
    """Makes it due so long ago; returns when."""
    moment = timezone.now().replace(microsecond=0) - timedelta(**ago)
    Schedule.objects.filter(pk=schedule.pk).update(next_at=moment)
    return moment


def test_a_due_one_is_fired_and_its_next_time_is_ahead(nightly):
    moment = due(nightly, seconds=1)
    assert claim_due(timezone.now()) == 1
    assert claim_due(timezone.now()) == 0
    nightly.refresh_from_db()
    assert nightly.next_at > timezone.now()
    assert Job.objects.get(kind=FIRE).payload == {"schedule": nightly.pk, "due": moment.timestamp()}


@pytest.mark.django_db(transaction=True)
def test_of_many_clocks_each_time_is_fired_once(alice, hello, settings):
    settings.MAX_SCHEDULES = 30
    for number in range(30):
        alice.post("/hello/schedules", {"name": f"s{number}", "schedule": "* * * * *"})
    moment = timezone.now()
    Schedule.objects.update(next_at=moment - timedelta(seconds=1))
    start = threading.Barrier(4)
    made: list[int] = []

    def clock():
        start.wait()
        made.append(claim_due(moment))
        connection.close()

    clocks = [threading.Thread(target=clock) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert (sum(made), Firing.objects.count(), Job.objects.filter(kind=FIRE).count()) == (30, 30, 30)


@pytest.mark.parametrize(("catch_up", "kept"), [("skip", "skipped"), ("once", "")])
def test_a_missed_time_is_skipped_or_made_good_once(alice, nightly, catch_up, kept):
    alice.patch("/hello/schedules/nightly", {"schedule": "* * * * *", "catch_up": catch_up})
    due(nightly, days=3)
    assert claim_due(timezone.now()) == (catch_up == "once")
    assert Firing.objects.get().type == kept


def test_one_never_overlaps_itself(nightly):
    due(nightly, seconds=2)
    claim_due(timezone.now())
    due(nightly, seconds=1)
    assert claim_due(timezone.now()) == 0
    assert Firing.objects.latest("due_at").type == "skipped"


def test_one_that_can_no_longer_be_read_stops_alone(alice, nightly):
    Schedule.objects.update(tz="Mars/Olympus")
    alice.post("/hello/schedules", {"name": "other", "schedule": "* * * * *"})
    Schedule.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    claim_due(timezone.now())
    assert dict(Schedule.objects.values_list("name", "state")) == {"nightly": "inactive", "other": "active"}


# -- firing ---------------------------------------------------------------------------------------------------


@pytest.fixture
def fired(nightly):
    """Has it come due, and does the job; returns the firing."""

    def fired():
        due(nightly, seconds=1)
        claim_due(timezone.now())
        assert work(Job.objects.filter(kind=FIRE).latest("id").pk)
        return Firing.objects.latest("id")

    return fired


def test_the_job_record_is_posted_with_its_token(fired, nightly, wire):
    wire.answer = answer(b"done", "X-Auth0-Stats: {}")
    firing = fired()
    headers = dict(wire.heard["headers"])
    record = json.loads(wire.heard["body"])
    assert wire.heard["line"] == "POST /api/run/acme/hello HTTP/1.1"
    assert headers["authorization"] == f"Bearer {record['token']}"
    assert (record["name"], record["container"], record["state"]) == ("nightly", "acme", "active")
    assert (firing.type, firing.status, firing.body) == ("success", 200, "done")
    assert firing.headers["x-auth0-stats"] == "{}"
    nightly.refresh_from_db()
    assert (nightly.run_count, nightly.error_count) == (1, 0)


@pytest.mark.parametrize("status", ["400 Bad", "500 Broken", "503 Its own"])
def test_what_the_webtask_says_is_the_result_at_once(fired, nightly, wire, status):
    wire.answer = answer(b"no", "x-wt-response-source: webtask", status=status)
    firing = fired()
    assert (firing.type, firing.status) == ("error", int(status[:3]))
    nightly.refresh_from_db()
    assert (nightly.run_count, nightly.error_count) == (1, 1)


def test_an_executor_that_is_full_is_asked_again_and_then_it_is_an_error(fired, wire, monkeypatch):
    wire.answer = answer(b"full", "x-wt-response-source: proxy", status="503 Full")
    firing = fired()
    job = Job.objects.get(kind=FIRE)
    for attempt in range(1, ATTEMPTS):
        assert (firing.type, firing.attempt, job.state) == ("", attempt, JobState.QUEUED)
        assert firing.started_at is None, "while it waits others have its place"
        assert not work(job.pk), "not at once"
        Job.objects.update(due_at=timezone.now())
        assert work(job.pk)
        firing.refresh_from_db()
    assert (firing.type, firing.status, firing.body) == ("error", 503, "full")


def test_a_few_of_a_team_fire_at_once_and_the_rest_wait_their_turn(alice, nightly, wire):
    for number in range(AT_ONCE):
        alice.post("/hello/schedules", {"name": f"s{number}", "schedule": "* * * * *"})
    Schedule.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    claim_due(timezone.now())
    others = Firing.objects.exclude(schedule=nightly)
    others.update(started_at=timezone.now())
    mine = Firing.objects.get(schedule=nightly)
    job = Job.objects.get(kind=FIRE, payload__schedule=nightly.pk)
    wire.heard = {}
    assert work(job.pk)
    mine.refresh_from_db()
    job.refresh_from_db()
    assert (mine.type, mine.attempt, wire.heard) == ("", 0, {})
    assert (job.state, job.attempt) == (JobState.QUEUED, 0), "it waits, which is no attempt"
    Firing.objects.filter(pk=others.earliest("id").pk).update(type="success")
    Job.objects.update(due_at=timezone.now())
    assert work(job.pk)
    mine.refresh_from_db()
    assert mine.type == "success"


def test_a_revoked_token_fires_nothing(fired, nightly, wire):
    wire.heard = {}
    Token.objects.update(revoked_at=timezone.now())
    firing = fired()
    assert (firing.type, firing.body, wire.heard) == ("error", "token is revoked", {})


def test_a_firing_whose_worker_died_is_made_again_and_not_for_ever(nightly, wire):
    due(nightly, seconds=1)
    claim_due(timezone.now())
    job = Job.objects.get(kind=FIRE)
    assert queue.claim(job.pk)
    assert queue.release_orphans() == 1
    Firing.objects.update(attempt=ATTEMPTS)
    Job.objects.update(due_at=timezone.now())
    assert work(job.pk)
    assert Firing.objects.get().type == "error"


def test_its_lease_is_as_long_as_the_webtask_may_take(alice, nightly):
    alice.patch("/hello/limits", {"wall_ms": 1000})
    due(nightly, seconds=1)
    claim_due(timezone.now())
    job = queue.claim(Job.objects.get(kind=FIRE).pk)
    assert job is not None
    assert job.lease_until is not None
    assert timedelta(seconds=21) < job.lease_until - timezone.now() < timedelta(seconds=23)


def test_a_schedule_that_is_deleted_meanwhile_fires_nothing(alice, nightly, wire):
    due(nightly, seconds=1)
    claim_due(timezone.now())
    wire.heard = {}
    alice.delete("/hello/schedules/nightly")
    assert work(Job.objects.get(kind=FIRE).pk)
    assert wire.heard == {}


def test_the_history_keeps_the_last_hundred_newest_first(alice, nightly, fired, wire):
    then = datetime(2020, 1, 1, tzinfo=UTC)
    old = [
        Firing(schedule=nightly, due_at=then + timedelta(minutes=minute), type="success")
        for minute in range(HISTORY)
    ]
    Firing.objects.bulk_create(old)
    fired()
    assert Firing.objects.count() == HISTORY
    told = alice.get("/hello/schedules/nightly/history?limit=2").json()
    assert [one["scheduled_at"][:4] for one in told] == [str(timezone.now().year), "2020"]
    assert (
        alice.get("/hello/schedules/nightly/history?offset=99").json()[0]["scheduled_at"]
        == "2020-01-01T00:01:00.000Z"
    )
