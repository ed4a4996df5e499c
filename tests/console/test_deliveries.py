"""Deliveries: kept before they are acknowledged, tried again, few at once of each team, and told by ticket."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from console.accounts.models import AuditEvent
from console.deliveries import actions, lanes, rounds
from console.deliveries.models import Delivery
from console.deliveries.states import State
from console.deliveries.tasks import prune_deliveries
from console.jobs import queue
from console.jobs.models import Job
from console.jobs.states import State as JobState
from console.jobs.work import work
from tests.console.wire import answer

PATH = "/internal/deliveries"


@pytest.fixture
def node(settings):
    return Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})


@pytest.fixture
def hand_over(node, hello):
    """As an executor does; returns the answer."""

    def hand_over(content: bytes = b"hi", **changes):
        parcel = {
            "team": "acme", "webtask": "hello", "method": "POST", "host": "acme.localhost:8000", "url": "/hello/x?a=1",
            "headers": [["X-A", "1"]], "body": base64.b64encode(content).decode(), "key": "",
        }  # fmt: skip
        return node.post(PATH, {**parcel, **changes}, content_type="application/json")

    return hand_over


def do() -> Delivery:
    """Does the one job that waits."""
    assert work(Job.objects.get(kind=lanes.DELIVER, state=JobState.QUEUED).pk)
    return Delivery.objects.get()


def again() -> Delivery:
    """The time of the next attempt has come."""
    Delivery.objects.filter(state=State.QUEUED).update(next_at=timezone.now())
    lanes.dispatch_due(timezone.now())
    return do()


def test_it_is_on_disk_when_it_is_acknowledged_and_its_ticket_tells(hand_over, wire):
    told = hand_over().json()
    status = Client().get(f"/api/deliveries/{told['ticket']}")
    assert told["location"].endswith(f"/api/deliveries/{told['ticket']}")
    assert (status.json()["state"], status["Retry-After"]) == ("running", "1")
    assert (status.json()["status"], status.json()["next_at"] is None) == (None, False)


def test_the_request_is_made_as_it_came(hand_over, wire):
    wire.answer = answer(b"\xff", "X-B: 1", "x-wt-invocation: i1")
    ticket = hand_over(b"caf\xc3\xa9").json()["ticket"]
    do()
    assert wire.heard["line"] == "POST /hello/x?a=1 HTTP/1.1"
    assert wire.heard["body"] == "café".encode()
    assert dict(wire.heard["headers"]) == {
        "X-A": "1",
        "host": "acme.localhost:8000",
        "webtask-delivery": ticket,
        "Content-Length": "5",
    }
    told = Client().get(f"/api/deliveries/{ticket}").json()
    assert (told["state"], told["status"], told["invocation"], told["attempt"]) == ("done", 200, "i1", 1)
    assert (told["body"], told["body_encoding"], told["headers"][1]) == ("/w==", "base64", ["X-B", "1"])
    kept = Delivery.objects.get()
    assert (bytes(kept.body), kept.headers, kept.url) == (b"", [], ""), "nobody needs them any more"


@pytest.mark.parametrize("status", ["400 No", "404 No", "302 Elsewhere"])
def test_the_webtasks_own_word_is_final(hand_over, wire, status):
    wire.answer = answer(b"no", status=status)
    hand_over()
    assert do().state == State.DONE


def test_a_failure_is_tried_again_with_growing_waits_and_then_it_is_dead(hand_over, wire):
    wire.answer = answer(b"no", status="500 Broken")
    hand_over()
    found, waits = do(), []
    while found.state == State.QUEUED:
        waits.append(found.next_at - timezone.now())
        found = again()
    assert (found.state, found.attempt, found.status) == (State.DEAD, rounds.ATTEMPTS, 500)
    assert waits == sorted(waits)
    assert waits[0] > timedelta(seconds=1)
    assert bytes(found.body) == b"hi", "it may be replayed"


def test_a_retry_after_is_honoured(hand_over, wire):
    wire.answer = answer(b"no", "Retry-After: 600", status="503 Later")
    hand_over()
    wait = do().next_at - timezone.now()
    assert timedelta(seconds=590) < wait <= timedelta(seconds=600)


@given(st.text() | st.from_regex(r"\A[0-9]{1,30}\Z"))
def test_no_retry_after_breaks_anything(value):
    assert timedelta() <= rounds.retry_after(value) <= rounds.MAX_WAIT


def test_a_date_is_a_retry_after_too():
    assert rounds.retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == timedelta()
    assert rounds.retry_after("Wed, 21 Oct 2099 07:28:00 GMT") == rounds.MAX_WAIT
    assert rounds.retry_after("Mon, 01 Jan 99999999999999 00:00:00 GMT") == timedelta()


def test_an_executor_that_is_gone_is_asked_again(hand_over, settings):
    settings.EXECUTOR_URL = "http://127.0.0.1:9"
    hand_over()
    found = do()
    assert (found.state, found.attempt, found.status) == (State.QUEUED, 1, None)
    assert "did not answer" in found.error


def test_one_whose_worker_dies_each_time_is_dead_in_the_end(hand_over, wire):
    hand_over()
    Delivery.objects.update(attempt=rounds.ATTEMPTS)
    wire.heard = {}
    assert (do().state, wire.heard) == (State.DEAD, {})


# -- idempotency ----------------------------------------------------------------------------------------------


def test_the_same_key_and_request_is_the_same_delivery(hand_over):
    first, second = hand_over(key="k"), hand_over(key="k")
    assert first.json() == second.json()
    assert hand_over(key="other").json() != first.json()
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("changes", [{"body": "aG8="}, {"url": "/hello"}, {"method": "PUT"}])
def test_the_same_key_with_another_request_is_refused(hand_over, changes):
    hand_over(key="k")
    assert hand_over(**{"key": "k", **changes}).status_code == 422
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("name", ["Authorization", "cookie"])
def test_a_key_gives_nobody_the_ticket_of_anothers_credential(hand_over, name):
    mine = hand_over(key="k", headers=[["X-A", "1"], [name, "mine"]])
    for headers in ([], [[name, "yours"]], [["X-B", "mine"]]):
        assert hand_over(key="k", headers=headers).status_code == 422
    assert hand_over(key="k", headers=[[name.upper(), "mine"], ["Date", "later"]]).json() == mine.json()


def test_a_job_is_not_given_up_while_its_call_may_still_go_on(hand_over, alice):
    alice.patch("/hello/limits", {"wall_ms": 20_000})
    hand_over()
    job = queue.claim(Job.objects.get(kind=lanes.DELIVER).pk)
    # The head may come at the last moment that is waited for, and a byte of the body as long after it.
    assert job
    assert job.lease_until
    assert job.lease_until - timezone.now() > timedelta(seconds=5 + 2 * 25)


# -- bounds ---------------------------------------------------------------------------------------------------


def test_a_few_of_a_team_are_under_way_at_once_and_the_rest_wait(hand_over, wire):
    for _ in range(lanes.AT_ONCE + 2):
        hand_over()
    assert Job.objects.filter(kind=lanes.DELIVER).count() == lanes.AT_ONCE
    assert work(Job.objects.filter(kind=lanes.DELIVER).earliest("id").pk)
    assert Job.objects.filter(kind=lanes.DELIVER).count() == lanes.AT_ONCE + 1, "one ended, the next began"
    lanes.dispatch_due(timezone.now())
    assert Delivery.objects.filter(state=State.RUNNING).count() == lanes.AT_ONCE


def test_a_team_may_leave_so_much_waiting(hand_over, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WAITING", 2)
    assert [hand_over().status_code for _ in range(3)] == [200, 200, 429]
    monkeypatch.setattr(actions, "MOST_WAITING", 9)
    monkeypatch.setattr(actions, "MOST_BYTES", 4)
    assert hand_over().status_code == 429


def test_of_those_that_have_ended_the_oldest_go_and_done_ones_first(hand_over, wire, monkeypatch):
    monkeypatch.setattr(actions, "PRUNED_AT_ONCE", 1)
    tickets = [hand_over().json()["ticket"] for _ in range(3)]
    for ticket, state in zip(tickets, (State.DEAD, State.DONE, State.DONE), strict=True):
        Delivery.objects.filter(ticket=ticket).update(state=state, finished_at=timezone.now())
    monkeypatch.setattr(actions, "MOST_ENDED", 2)
    hand_over()
    assert set(Delivery.objects.exclude(state=State.RUNNING).values_list("ticket", flat=True)) == {
        tickets[0],
        tickets[2],
    }
    monkeypatch.setattr(actions, "MOST_ENDED_BYTES", 0)
    hand_over()
    assert not Delivery.objects.exclude(state=State.RUNNING).exists()
    assert Delivery.objects.count() == 2, "those that wait are nobody's to drop"


def test_the_answer_counts_as_long_as_it_is_kept(hand_over, wire):
    wire.answer = answer(b"x" * 50_000)
    hand_over(b"y" * 9000)
    assert Delivery.objects.get().size > 9000
    assert 50_000 < do().size < 51_000


def test_what_cannot_be_kept_is_refused(hand_over, node):
    assert hand_over(b"x" * (1024 * 1024 + 1)).status_code == 413
    assert hand_over(key="k" * 300).status_code == 400
    assert hand_over(webtask="none").status_code == 404
    assert hand_over(team="nada").status_code == 404
    for broken in ({"body": "§"}, {"body": 3}, {"more": 1}):
        assert hand_over(**broken).status_code == 400
    assert node.post(PATH, "[]", content_type="application/json").status_code == 400
    assert not Delivery.objects.exists()


def test_who_is_no_executor_hands_over_nothing(hello, alice):
    assert alice.client.post(PATH, {}, content_type="application/json").status_code == 401


def test_ended_ones_are_kept_for_so_many_days(hand_over, wire, settings):
    hand_over()
    do()
    prune_deliveries()
    assert Delivery.objects.exists()
    Delivery.objects.update(
        finished_at=timezone.now() - timedelta(days=settings.KEEP_DELIVERY_DAYS, minutes=1)
    )
    prune_deliveries()
    assert not Delivery.objects.exists()


# -- the console ----------------------------------------------------------------------------------------------


def test_dead_ones_are_listed_and_replayed(hand_over, wire, alice):
    ticket = hand_over().json()["ticket"]
    assert alice.post(f"/hello/deliveries/{ticket}/replay").status_code == 409
    wire.answer = answer(b"no", status="500 Broken")
    Delivery.objects.update(attempt=rounds.ATTEMPTS - 1)
    assert do().state == State.DEAD
    assert [one["ticket"] for one in alice.get("/hello/deliveries?state=dead").json()] == [ticket]
    assert alice.get("/hello/deliveries?state=done").json() == []
    assert alice.post(f"/hello/deliveries/{ticket}/replay").status_code == 202
    wire.answer = answer(b"yes")
    assert do().state == State.DONE
    assert alice.get(f"/hello/deliveries/{ticket}").json()["body"] == "yes"
    assert AuditEvent.objects.get(action="delivery.replay").detail["ticket"] == ticket


def test_a_dead_one_keeps_its_credential_for_a_day(hand_over, alice):
    headers = [["X-A", "1"], ["Authorization", "Bearer x"]]
    ticket = hand_over(headers=headers).json()["ticket"]
    day = timedelta(days=1)
    Delivery.objects.update(state=State.DEAD, finished_at=timezone.now() - day + timedelta(minutes=1))
    prune_deliveries()
    assert Delivery.objects.get().headers == headers
    Delivery.objects.update(finished_at=timezone.now() - day)
    prune_deliveries()
    assert Delivery.objects.get().headers == [["X-A", "1"], ["Authorization", ""]]
    refused = alice.post(f"/hello/deliveries/{ticket}/replay")
    assert (refused.status_code, b"credential" in refused.content) == (409, True)
    assert Delivery.objects.get().state == State.DEAD


def test_one_of_another_webtask_is_not_there(hand_over, alice):
    ticket = hand_over().json()["ticket"]
    alice.post("", {"name": "other"})
    assert alice.get(f"/other/deliveries/{ticket}").status_code == 404
    assert Client().get(f"/api/deliveries/{ticket[:-1]}").status_code == 404
