"""The executor's link, over a real websocket to a real server."""

import threading
import time
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from console.accounts.actions import issue_token, revoke_token
from console.accounts.audit import SYSTEM
from console.webtasks import events, rates
from console.webtasks.models import Executor, LogLine
from tests.console.client import Webtasks

pytestmark = pytest.mark.django_db(transaction=True)
REPORT = {"mode": "root", "serves": True, "layers": [{"name": "seccomp", "state": "active"}]}


@pytest.fixture
def arrive(listener):
    """An executor that has said hello."""
    opened = []

    def arrive(name="node-1", boot="boot-1"):
        link = listener.link()
        opened.append(link)
        link.say(t="hello", executor=name, boot=boot, isolation=REPORT, runtimes={"node": "24"})
        link.acked = link.until("welcome")["acked"]
        return link

    yield arrive
    for link in opened:
        link.close()


def records(seq, *texts):
    lines = [
        {
            "team": "acme",
            "webtask": "hello",
            "label": "v1",
            "invocation": "i",
            "time": time.time() * 1000,
            "level": "info",
            "text": text,
        }
        for text in texts
    ]
    return {"t": "records", "seq": seq, "lines": lines, "invocations": []}


def answering(link):
    """Confirms every change in a thread, as an executor does; returns what it heard."""
    heard = []

    def confirm():
        with suppress(ConnectionClosed, TimeoutError):
            while True:
                change = link.until("change")
                heard.append(change)
                link.say(t="applied", change=change["change"])

    threading.Thread(target=confirm, daemon=True).start()
    return heard


def test_a_stranger_gets_no_link(listener, people):
    for token in ("wrong", "é"):
        with pytest.raises(InvalidStatus, match="403"):
            listener.link(token)


def test_an_executor_is_known_while_its_link_stands(arrive):
    link = arrive()
    executor = Executor.objects.get()
    assert (executor.name, executor.online) == ("node-1", True)
    assert executor.state["isolation"]["layers"][0]["name"] == "seccomp"
    link.close()
    wait_for(lambda: not Executor.objects.get().online)


def test_its_readiness_is_noted(arrive):
    link = arrive()
    link.say(t="state", ready=True, blank=2, workers=1)
    wait_for(lambda: Executor.objects.get().ready)
    assert Executor.objects.get().state["blank"] == 2


def test_records_are_stored_before_they_are_acknowledged(hello, arrive):
    link = arrive()
    link.say(**records(1, "a", "b"))
    assert link.until("ack")["seq"] == 1
    assert LogLine.objects.count() == 2


def test_after_a_lost_acknowledgement_nothing_is_stored_twice(hello, arrive):
    first = arrive()
    first.say(**records(1, "a"))
    first.until("ack")
    first.close()
    second = arrive()
    assert second.acked == 1
    second.say(**records(1, "a"))
    second.say(**records(2, "b"))
    assert [second.until("ack")["seq"] for _ in range(2)] == [1, 2]
    assert list(LogLine.objects.order_by("id").values_list("text", flat=True)) == ["a", "b"]


def test_an_executor_that_started_anew_counts_from_the_start(hello, arrive):
    arrive().say(**records(7, "a"))
    wait_for(LogLine.objects.exists)
    assert arrive(boot="boot-2").acked == 0


def test_publishing_waits_until_every_executor_has_applied_it(alice, hello, arrive):
    heard = [answering(arrive("node-1")), answering(arrive("node-2", "boot-2"))]
    published = alice.publish("hello", "second", base=1).json()
    assert published["confirmed"] == ["node-1", "node-2"]
    assert published["unconfirmed"] == []
    for changes in heard:
        assert [(change["team"], change["webtask"]) for change in changes] == [("acme", "hello")]


def test_an_executor_that_does_not_confirm_is_named(alice, hello, arrive, monkeypatch):
    monkeypatch.setattr(events, "CONFIRM_SECONDS", 0.3)
    answering(arrive("node-1"))
    arrive("silent", "boot-2")
    published = alice.publish("hello", "second", base=1)
    assert published.status_code == 201
    assert (published.json()["confirmed"], published.json()["unconfirmed"]) == (["node-1"], ["silent"])


def test_restoring_is_announced_too(alice, hello, arrive):
    heard = answering(arrive())
    assert alice.post("/hello/versions/1/restore").json()["confirmed"] == ["node-1"]
    assert len(heard) == 1


def test_a_revoked_token_is_announced(people, arrive):
    heard = answering(arrive())
    token = issue_token(people.team, "t", actor=SYSTEM)
    revoke_token(token.jti, actor=SYSTEM)
    assert (heard[0]["team"], heard[0]["token"]) == ("acme", token.jti)


def test_a_url_that_closes_with_its_token_is_announced(people, hello, arrive):
    client = Webtasks.of(people.team)
    presented = client.issued(ten="acme", jtn="hello", code="x", dr=0)
    heard = answering(arrive())
    client.call("post", "tokens/revoke", None, token=presented)
    assert [change.get("webtask") for change in heard] == [None, "hello"]


def test_what_a_token_issued_ends_at_once_with_it(people, arrive):
    client = Webtasks.of(people.team)
    parent = client.child(dd=3)
    parent.child().issued()
    heard = answering(arrive())
    client.call("post", "tokens/revoke", None, token=parent.token)
    assert {"team": "acme", "webtask": None}.items() <= heard[1].items()


def test_a_removed_webtask_is_announced(people, hello, arrive):
    heard = answering(arrive())
    assert Webtasks.of(people.team).delete("webtask/acme/hello").status_code == 204
    assert ("acme", "hello") in [(one["team"], one["webtask"]) for one in heard]


def test_nothing_is_announced_of_what_was_not_committed(alice, hello, arrive):
    heard = answering(arrive())
    assert alice.post("/hello/publish", {"message": "", "etag": "stale"}).status_code == 409
    alice.publish("hello", "second", base=1)
    assert len(heard) == 1


@pytest.mark.parametrize(
    "message",
    ["{", "[]", '{"t": "nothing"}', '{"t": "hello"}', '{"t": "__class__"}', '{"t": 3}', "[" * 100_000],
)
def test_a_message_that_is_not_understood_closes_the_link(listener, people, message):
    link = listener.link()
    link.connection.send(message)
    assert link.close_code() == 4400


def test_records_before_hello_are_refused(listener, people):
    link = listener.link()
    link.say(**records(1, "a"))
    assert link.close_code() == 4400


def test_a_batch_of_the_largest_size_fits(hello, arrive):
    link = arrive()
    link.say(**records(1, *["x" * 16_384] * 500))
    assert link.until("ack")["seq"] == 1
    assert LogLine.objects.count() == 500


def wait_for(condition):
    """Until it holds, however long (the test's own time limit bounds it)."""
    while not condition():
        time.sleep(0.01)


def test_a_question_is_answered_by_all_who_listen(arrive, hello):
    one, two = arrive("node-1"), arrive("node-2")

    def answer(link, told):
        link.say(t="answer", ask=link.until("rates")["ask"], answer=told)

    answers = ((one, {"ls": 3, "ld": 7}), (two, {"ls": 2, "lw": "many"}))
    threads = [threading.Thread(target=answer, args=both) for both in answers]
    for thread in threads:
        thread.start()
    assert rates.left("container/acme", ["ls", "ld", "lw"]) == {"ls": 2, "ld": 7, "lw": 0}
    for thread in threads:
        thread.join()
