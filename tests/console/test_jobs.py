"""Background work: every job is done, none by two at once, whatever is lost on the way."""

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from console.jobs import clock, doorbell, queue
from console.jobs.kinds import KINDS, kind
from console.jobs.models import Job
from console.jobs.states import FOLLOWS, State
from console.jobs.work import work
from console.jobs.worker import Worker
from tests.stack import ROOT


class Calls(list[dict[str, object]]):
    """What the job under test was called with; `made` is set at each call, `go_on` lets a waiting one end."""

    def __init__(self):
        super().__init__()
        self.made, self.go_on = threading.Event(), threading.Event()


@pytest.fixture
def done():
    """A kind of job, `test`, that keeps what it was given."""
    calls = Calls()

    @kind("test", attempts=3, lease=timedelta(minutes=1))
    def test(**payload):
        calls.append(payload)
        calls.made.set()
        if payload.get("wait"):
            assert calls.go_on.wait(30)
        if payload.get("fail"):
            raise RuntimeError("it broke")

    yield calls
    del KINDS["test"]


@pytest.fixture
def later(monkeypatch):
    """Moves the clock of this process."""

    def later(**by):
        now = timezone.now() + timedelta(**by)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    return later


def test_a_job_is_done_with_its_payload(db, done):
    job = queue.enqueue("test", a=1)
    assert work(job.pk)
    job.refresh_from_db()
    assert (done, job.state, job.attempt) == ([{"a": 1}], State.DONE, 1)


def test_a_second_ring_does_nothing(db, done):
    job = queue.enqueue("test")
    assert [work(job.pk), work(job.pk)] == [True, False]
    assert len(done) == 1


def test_a_job_that_is_not_due_is_left(db, done):
    job = queue.enqueue("test", due_at=timezone.now() + timedelta(hours=1))
    assert not work(job.pk)


def test_a_key_makes_one_job(db, done):
    assert queue.enqueue("test", key="k") == queue.enqueue("test", key="k")


def test_a_kind_that_is_not_known_is_refused(db):
    with pytest.raises(ValueError, match="no kind"):
        queue.enqueue("nothing")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_gets_it(done):
    jobs = [queue.enqueue("test") for _ in range(10)]
    won: list[int] = []
    start = threading.Barrier(4)

    def claim():
        start.wait()
        won.extend(job.pk for job in jobs if queue.claim(job.pk))
        connection.close()

    claimants = [threading.Thread(target=claim) for _ in range(4)]
    for claimant in claimants:
        claimant.start()
    for claimant in claimants:
        claimant.join()
    assert sorted(won) == [job.pk for job in jobs]


def test_a_failed_job_is_tried_again_later_and_says_why(db, done, later):
    job = queue.enqueue("test", fail=True)
    work(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.error) == (State.QUEUED, 1, "RuntimeError: it broke")
    assert not work(job.pk), "not at once"
    later(minutes=1)
    assert work(job.pk)


def test_after_its_last_attempt_it_is_dead(db, done, later):
    job = queue.enqueue("test", fail=True)
    for minute in range(3):
        later(minutes=minute)
        assert work(job.pk)
    job.refresh_from_db()
    assert (job.state, len(done)) == (State.DEAD, 3)
    later(days=1)
    assert not work(job.pk)


def test_a_job_whose_worker_died_is_freed_when_its_lease_runs_out(db, done, later):
    job = queue.enqueue("test")
    assert queue.claim(job.pk)
    assert queue.release_expired() == 0
    later(minutes=2)
    assert queue.release_expired() == 1
    later(minutes=4)
    assert work(job.pk)


def test_who_comes_back_after_its_lease_changes_nothing(db, done, later):
    job = queue.enqueue("test")
    slow = queue.claim(job.pk)
    later(minutes=2)
    queue.release_expired()
    later(minutes=4)
    quick = queue.claim(job.pk)
    assert slow is not None
    assert quick is not None
    assert not queue.finish(slow)
    assert queue.fail(slow, "late") is None
    assert queue.finish(quick)


def test_no_state_follows_an_end():
    assert FOLLOWS[State.DONE] == FOLLOWS[State.DEAD] == frozenset()


# -- the clock ------------------------------------------------------------------------------------------------


@pytest.fixture
def rung(monkeypatch):
    calls: list[int] = []
    monkeypatch.setattr(doorbell, "ring", calls.append)
    return calls


def test_a_lost_ring_is_made_good(db, done, rung, later):
    job = queue.enqueue("test")
    assert clock.ring_due(timezone.now()) == [], "it was just rung for"
    later(seconds=6)
    assert clock.ring_due(timezone.now()) == [job.pk]
    assert rung[-1] == job.pk


def test_a_job_that_falls_due_is_rung_for(db, done, rung, later):
    job = queue.enqueue("test", due_at=timezone.now() + timedelta(hours=1))
    later(hours=2)
    clock.tick()
    assert job.pk in rung


def test_each_period_has_one_job_however_many_clocks_tick(db, rung, later):
    for _ in range(3):
        clock.tick()
    made = Job.objects.filter(kind="webtasks.prune-logs")
    assert made.count() == 1
    later(hours=1)
    clock.tick()
    assert made.count() == 2


def test_every_periodic_kind_can_run(db, rung):
    """As the clock makes them, with no payload."""
    clock.tick()
    periodic = {name for name, kind in KINDS.items() if kind.every}
    assert {job.kind for job in Job.objects.all()} == periodic
    assert all(work(job.pk) for job in Job.objects.all())
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}


# -- with the real worker -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_worker_in_this_process_does_what_is_rung_for(done):
    worker = Worker()
    worker.start()
    try:
        assert worker.wait_ready(30)
        queue.enqueue("test", a=1)
        assert done.made.wait(30)
    finally:
        assert worker.stop(30)
    assert done == [{"a": 1}]
    assert Job.objects.get().state == State.DONE


@pytest.mark.django_db(transaction=True)
def test_a_job_under_way_is_finished_before_the_worker_stops(done):
    worker = Worker()
    worker.start()
    assert worker.wait_ready(30)
    job = queue.enqueue("test", wait=True)
    assert done.made.wait(30)
    threading.Timer(0.2, done.go_on.set).start()
    assert worker.stop(30)
    job.refresh_from_db()
    assert job.state == State.DONE


def test_without_a_worker_a_ring_costs_no_celery(db):
    """Importing it takes a second of every command."""
    code = "import django; django.setup(); from console.jobs import doorbell; doorbell.ring(1); import sys; print('celery' in sys.modules)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "console.settings"}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout == "False\n"
