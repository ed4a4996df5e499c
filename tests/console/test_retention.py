"""What is kept, and for how long."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from console.accounts.tasks import end_sessions
from console.jobs.models import Job
from console.jobs.states import State
from console.jobs.tasks import prune_jobs
from console.webtasks import tasks
from console.webtasks.models import EgressCall, Invocation, LogLine, SecurityEvent, Tally, Webtask


@pytest.fixture
def webtask(hello):
    return Webtask.objects.get()


def lines(webtask, *ages: int):
    LogLine.objects.bulk_create(
        LogLine(team=webtask.team, webtask=webtask, text=f"{age}", time=timezone.now() - timedelta(days=age))
        for age in ages
    )


def test_log_lines_past_their_days_go(webtask, settings):
    settings.KEEP_LOG_DAYS = 7
    lines(webtask, 30, 8, 6, 0)
    tasks.prune_logs()
    assert list(LogLine.objects.order_by("id").values_list("text", flat=True)) == ["6", "0"]


def test_pruning_goes_on_through_many_chunks(webtask, settings, monkeypatch):
    settings.KEEP_LOG_DAYS = 7
    monkeypatch.setattr(tasks, "CHUNK", 3)
    lines(webtask, *[30] * 10, 0)
    tasks.prune_logs()
    assert LogLine.objects.get().text == "0"


def test_a_young_line_among_old_ones_does_not_keep_them(webtask, settings, monkeypatch):
    settings.KEEP_LOG_DAYS = 7
    monkeypatch.setattr(tasks, "CHUNK", 3)
    lines(webtask, 30, 0, 30, 30, 30)
    tasks.prune_logs()
    assert LogLine.objects.get().text == "0"


def test_invocations_have_days_of_their_own(webtask, settings):
    settings.KEEP_LOG_DAYS, settings.KEEP_INVOCATION_DAYS = 1, 10
    for number, age in enumerate((11, 9)):
        time = timezone.now() - timedelta(days=age)
        Invocation.objects.create(
            team=webtask.team, webtask=webtask, invocation=number, ms=1, status=200, time=time
        )
    tasks.prune_logs()
    tasks.prune_invocations()
    assert Invocation.objects.get().invocation == "1"


def test_tallies_go_with_the_invocations(webtask, settings):
    settings.KEEP_INVOCATION_DAYS = 10
    for age in (11, 9):
        time = timezone.now() - timedelta(days=age)
        Tally.objects.create(
            team=webtask.team,
            webtask=webtask,
            time=time,
            seconds=10,
            requests=age,
            thinned=0,
            ms_sum=1,
            ms_max=1,
        )
    tasks.prune_tallies()
    assert Tally.objects.get().requests == 9


def test_calls_go_with_the_lines_and_security_events_with_the_invocations(webtask, settings):
    settings.KEEP_LOG_DAYS, settings.KEEP_INVOCATION_DAYS = 1, 10
    for age in (11, 9, 0):
        common = {"team": webtask.team, "webtask": webtask, "time": timezone.now() - timedelta(days=age)}
        EgressCall.objects.create(**common, host=f"{age}", port=1, ms=1, sent=0, received=0)
        SecurityEvent.objects.create(**common, what=f"{age}")
    tasks.prune_egress_calls()
    tasks.prune_security_events()
    assert EgressCall.objects.get().host == "0"
    assert {event.what for event in SecurityEvent.objects.all()} == {"9", "0"}


def test_expired_sessions_go_and_others_stay(alice, charlie):
    Session.objects.filter(pk=charlie.client.session.session_key).update(
        expire_date=timezone.now() - timedelta(1)
    )
    end_sessions()
    assert Session.objects.get().pk == alice.client.session.session_key


def test_done_jobs_go_and_dead_ones_stay(db):
    long_ago = timezone.now() - timedelta(days=30)
    for state in (State.DONE, State.DEAD):
        Job.objects.create(kind="x", state=state, due_at=long_ago, finished_at=long_ago)
    prune_jobs()
    assert Job.objects.get().state == State.DEAD
