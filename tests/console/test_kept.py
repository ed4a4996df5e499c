"""What the console keeps of requests and answers, without the secrets of the webtask."""

import base64
import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from console.accounts.models import AuditEvent
from console.deliveries import lanes, rounds
from console.deliveries.models import Delivery
from console.deliveries.states import State
from console.deliveries.tasks import prune_deliveries
from console.jobs.models import Job
from console.jobs.states import State as JobState
from console.jobs.work import work
from console.schedules.due import FIRE, claim_due
from console.schedules.models import Firing, Schedule
from console.webtasks.models import Secret
from tests.console.client import Webtasks
from tests.console.wire import answer

VALUE = "s3cret/value+1"
SPELT = [VALUE, "s3cret%2Fvalue%2B1", base64.b64encode(VALUE.encode()).decode(), json.dumps(VALUE)[1:-1]]


@pytest.fixture
def secretive(alice, hello):
    assert alice.patch("/hello/secrets", {"secrets": {"KEY": VALUE}}).status_code == 200


@pytest.fixture
def hand_over(settings, secretive):
    """As an executor does; returns the ticket."""

    def hand_over(
        content: bytes = b"", url: str = "/hello", headers: tuple[tuple[str, str], ...] = ()
    ) -> str:
        node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})
        parcel = {
            "team": "acme", "webtask": "hello", "method": "POST", "host": "acme.localhost:8000", "url": url,
            "headers": headers, "body": base64.b64encode(content).decode(), "key": "",
        }  # fmt: skip
        told = node.post("/internal/deliveries", parcel, content_type="application/json")
        assert told.status_code in (200, 202), told.content
        return str(told.json()["ticket"])

    return hand_over


def do(kind: str) -> None:
    assert work(Job.objects.get(kind=kind, state=JobState.QUEUED).pk)


def told(ticket: str) -> Any:
    return Client().get(f"/api/deliveries/{ticket}").json()


@pytest.mark.parametrize("form", SPELT)
def test_the_answer_to_a_delivery(hand_over, wire, form):
    wire.answer = answer(f"<{form}>".encode(), f"X-Key: {form}")
    ticket = hand_over()
    do(lanes.DELIVER)
    assert told(ticket)["body"] == "<[secret KEY]>"
    assert ["X-Key", "[secret KEY]"] in told(ticket)["headers"]


def test_the_request_is_made_with_the_value_as_often_as_it_takes(hand_over, wire):
    wire.answer = answer(b"no", status="500 Broken")
    hand_over(VALUE.encode(), f"/hello?key={VALUE}", (("X-Key", VALUE),))
    for _ in range(2):
        do(lanes.DELIVER)
        assert (wire.heard["line"], wire.heard["body"]) == (
            f"POST /hello?key={VALUE} HTTP/1.1",
            VALUE.encode(),
        )
        assert ("X-Key", VALUE) in wire.heard["headers"]
        Delivery.objects.update(next_at=timezone.now())
        lanes.dispatch_due(timezone.now())


def test_a_dead_request_keeps_the_value_for_a_day_to_be_replayed_with(hand_over, wire, alice):
    ticket = hand_over(VALUE.encode(), f"/hello?key={VALUE}", (("X-Key", VALUE),))
    day = timedelta(days=1)
    Delivery.objects.update(state=State.DEAD, finished_at=timezone.now() - day + timedelta(minutes=1))
    prune_deliveries()
    assert bytes(Delivery.objects.get().body) == VALUE.encode()
    Delivery.objects.update(finished_at=timezone.now() - day)
    prune_deliveries()
    kept = Delivery.objects.get()
    assert (kept.url, kept.headers, bytes(kept.body)) == (
        "/hello?key=[secret KEY]",
        [["X-Key", "[secret KEY]"]],
        b"[secret KEY]",
    )
    refused = alice.post(f"/hello/deliveries/{ticket}/replay")
    assert (refused.status_code, b"secret" in refused.content) == (409, True)


def test_a_dead_request_without_a_value_is_replayed_after_a_week(hand_over, alice):
    ticket = hand_over(b"nothing", headers=(("X-A", "1"),))
    Delivery.objects.update(state=State.DEAD, finished_at=timezone.now() - timedelta(days=6))
    prune_deliveries()
    assert alice.post(f"/hello/deliveries/{ticket}/replay").status_code == 202


def test_a_value_that_the_end_of_what_is_kept_goes_through(hand_over, wire):
    for before in (rounds.KEPT_BODY - 5, rounds.KEPT_BODY + 505):
        wire.answer = answer(b"x" * before + VALUE.encode() + b"y" * 2000)
        ticket = hand_over()
        do(lanes.DELIVER)
        kept = told(ticket)
        assert kept["truncated"]
        assert rounds.KEPT_BODY - len(VALUE) < len(kept["body"]) <= rounds.KEPT_BODY
        assert "s3cret" not in kept["body"]


def test_what_is_no_text_is_kept_as_it_is(hand_over, wire):
    packed = gzip.compress(b"anything")
    wire.answer = answer(packed)
    ticket = hand_over()
    do(lanes.DELIVER)
    assert base64.b64decode(told(ticket)["body"]) == packed


def test_secrets_that_cannot_be_opened_leave_no_answer(hand_over, wire):
    ticket = hand_over()
    Secret.objects.update(value=b"broken")
    wire.answer = answer(VALUE.encode(), f"X-Key: {VALUE}")
    do(lanes.DELIVER)
    assert VALUE not in json.dumps(told(ticket))
    assert "cannot be opened" in told(ticket)["body"]


def test_the_result_of_a_schedule(alice, secretive, wire):
    alice.post("/hello/schedules", {"schedule": "* * * * *"})
    Schedule.objects.update(next_at=timezone.now())
    claim_due(timezone.now())
    wire.answer = answer(f'{{"key": "{VALUE}"}}'.encode(), f"Location: /x?{SPELT[1]}")
    do(FIRE)
    (firing,) = alice.get("/hello/schedules/hello/history").json()
    assert (firing["body"], firing["headers"]["location"]) == ('{"key": "[secret KEY]"}', "/x?[secret KEY]")


def test_the_result_of_a_schedule_of_a_token_that_holds_the_secrets(people, wire):
    client = Webtasks.of(people.team)
    token = client.issued(ten="acme", code="module.exports = cb => cb()", ectx={"KEY": VALUE})
    made = client.put("cron/acme/mine", {"token": token, "schedule": "* * * * *"})
    assert made.status_code == 200, made.content
    Schedule.objects.update(next_at=timezone.now())
    claim_due(timezone.now())
    wire.answer = answer(VALUE.encode())
    do(FIRE)
    assert Firing.objects.get().body == "[secret KEY]"


def test_the_audit_trail_has_no_value_whichever_way_it_came(people, alice, secretive):
    client = Webtasks.of(people.team)
    client.issued(ten="acme", jtn="other", code="module.exports = cb => cb()", ectx={"KEY": VALUE})
    client.issued(ten="acme", ectx={"KEY": VALUE})
    rows = json.dumps(list(AuditEvent.objects.values("action", "object", "detail", "actor")))
    assert "webtask.secrets" in rows
    assert "webtask.put" in rows
    assert "s3cret" not in rows
