"""What a page that watches a webtask is sent: everything, once, in order, while its person may see it."""

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from console.accounts.models import Member
from console.accounts.roles import Role
from console.live import watch as watching
from console.webtasks import executors
from console.webtasks.models import LogLine, Webtask
from tests.console.test_metrics import tally
from tests.console.test_records import call, invocation, line

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = "webtask:acme/hello"


@pytest.fixture
def node(hello, listener):
    """An executor that reports; each call returns when what it reported is stored."""
    link = listener.link()
    link.say(t="hello", executor="node-1", boot="boot-1")
    link.until("welcome")
    sent = iter(range(1, 10_000))

    def report(*texts, invocations=(), **more):
        lines = [line(text) for text in texts]
        link.say(t="records", seq=next(sent), lines=lines, invocations=list(invocations), **more)
        link.until("ack")

    yield report
    link.close()


@pytest.fixture
def tail(listener):
    """Opens the websocket of a person's page and subscribes."""
    opened = []

    def tail(person, since=None):
        page = listener.tail(person.client)
        opened.append(page)
        page.say(t="sub", topic=TOPIC, since=since)
        return page

    yield tail
    for page in opened:
        page.close()


def texts(page, count):
    """Of the next `count` lines."""
    found: list[str] = []
    while len(found) < count:
        found += [entry["text"] for entry in page.until("lines")["lines"]]
    return found


def test_the_last_lines_come_first_then_the_new_ones(alice, node, tail):
    node("old 1", "old 2")
    page = tail(alice)
    assert page.hear()["t"] == "subscribed"
    assert texts(page, 2) == ["old 1", "old 2"]
    node("new")
    assert texts(page, 1) == ["new"]


def test_a_line_has_all_that_the_api_gives(alice, node, tail):
    node("hi")
    page = tail(alice)
    assert page.until("lines")["lines"] == alice.get("/hello/logs").json()["lines"]


def test_reconnecting_resumes_after_the_last_line_seen(alice, node, tail):
    node("one", "two")
    first = tail(alice)
    last = first.until("lines")["lines"][0]["seq"]
    first.close()
    node("three")
    assert texts(tail(alice, since=last), 2) == ["two", "three"]


def test_no_line_is_missed_or_doubled_while_lines_keep_coming(alice, node, tail):
    """Pages come in the middle of a stream; each sees an unbroken run of numbers to its end."""
    pages = []
    for number in range(40):
        node(*[f"{number}.{part}" for part in range(5)])
        if number % 10 == 0:
            pages.append(tail(alice, since=0))
    expected = list(LogLine.objects.order_by("id").values_list("text", flat=True))
    assert len(expected) == 200
    for page in pages:
        assert texts(page, 200) == expected


def test_a_page_far_behind_gets_the_newest_and_is_told_how_many_it_missed(alice, hello, tail, monkeypatch):
    monkeypatch.setattr(watching, "MAX_BEHIND", 20)
    monkeypatch.setattr(watching, "PAGE", 10)
    webtask = Webtask.objects.get()
    executors.arrive("node-1", "boot-1", {})
    from console.webtasks import records

    batch = {"seq": 1, "lines": [line(str(number)) for number in range(50)], "invocations": []}
    records.store("node-1", "boot-1", batch)
    message = tail(alice, since=LogLine.objects.filter(webtask=webtask).earliest("id").pk).until("lines")
    assert [entry["text"] for entry in message["lines"]] == [str(number) for number in range(40, 50)]
    assert message["dropped"] == 39


def test_a_long_replay_comes_in_pages(alice, hello, tail, monkeypatch):
    monkeypatch.setattr(watching, "PAGE", 10)
    executors.arrive("node-1", "boot-1", {})
    from console.webtasks import records

    batch = {"seq": 1, "lines": [line(str(number)) for number in range(35)], "invocations": []}
    records.store("node-1", "boot-1", batch)
    assert texts(tail(alice, since=0), 35) == [str(number) for number in range(35)]


def test_finished_invocations_are_told(alice, node, tail):
    page = tail(alice)
    page.until("subscribed")
    node(invocations=[invocation("i7", status=500)])
    told = page.until("invocations")["invocations"]
    assert [(entry["id"], entry["status"]) for entry in told] == [("i7", 500)]


def test_calls_to_other_hosts_are_told(alice, node, tail):
    node(egress=[call("before.example.com")])
    page = tail(alice)
    page.until("subscribed")
    node(egress=[call("api.example.com")])
    told = page.until("calls")["calls"]
    assert [(entry["host"], entry["verdict"]) for entry in told] == [("api.example.com", "allowed")]


def test_requests_that_were_counted_only_are_told(alice, node, tail):
    page = tail(alice)
    page.until("subscribed")
    node(tallies=[tally(requests=3, thinned=0)])
    node(tallies=[tally(requests=500, thinned=300)])
    told = page.until("tallies")["tallies"]
    assert [(entry["requests"], entry["thinned"], entry["label"]) for entry in told] == [(500, 300, "v1")]


def test_another_webtasks_lines_do_not_come(alice, node, tail):
    alice.post("", {"name": "other"})
    page = tail(alice)
    page.until("subscribed")
    node_line = line("theirs", webtask="other")
    page.say(t="ping")
    page.until("pong")
    executors.arrive("node-2", "b", {})
    from console.webtasks import records

    records.store("node-2", "b", {"seq": 1, "lines": [node_line], "invocations": []})
    node("mine")
    assert texts(page, 1) == ["mine"]


def test_after_unsubscribing_nothing_comes(alice, node, tail):
    page = tail(alice)
    page.until("subscribed")
    page.say(t="unsub", topic=TOPIC)
    page.say(t="ping")
    page.until("pong")
    node("unheard")
    page.say(t="ping")
    assert page.hear()["t"] == "pong"


# -- who may watch --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_the_logs(people, node, tail, role):
    node("hi")
    assert texts(tail(people.bob(role)), 1) == ["hi"]


def test_a_stranger_is_told_what_is_told_of_what_is_not_there(charlie, node, tail):
    page = tail(charlie)
    theirs = page.until("problem")
    assert (theirs["topic"], theirs["problem"]["status"]) == (TOPIC, 404)
    page.say(t="sub", topic="webtask:acme/none", since=None)
    absent = page.until("problem")["problem"]
    assert absent == {**theirs["problem"], "detail": absent["detail"]}
    assert absent["detail"].replace("none", "hello") == theirs["problem"]["detail"]


def test_nobody_signed_in_is_told_so(listener, people, client):
    page = listener.tail(client)
    assert page.close_code() == 4401


def test_the_first_line_after_losing_membership_does_not_come(people, node, tail):
    bob = people.bob(Role.VIEWER)
    page = tail(bob)
    page.until("subscribed")
    Member.objects.filter(user=bob.user).delete()
    node("secret")
    assert page.hear()["problem"]["id"] == "absent"
    page.say(t="ping")
    assert page.hear()["t"] == "pong"


def test_signing_out_ends_it(people, node, tail):
    bob = people.bob(Role.VIEWER)
    page = tail(bob)
    page.until("subscribed")
    bob.client.logout()
    node("secret")
    assert page.close_code() == 4401


def test_a_new_password_ends_it(people, node, tail):
    bob = people.bob(Role.VIEWER)
    page = tail(bob)
    page.until("subscribed")
    bob.user.set_password("something-else-entirely")
    bob.user.save()
    node("secret")
    with pytest.raises(ConnectionClosed):
        page.hear()


@pytest.mark.parametrize(
    "origin",
    ["http://evil.com", "http://localhost:1", "https://localhost:8000", "http://acme.localhost:8000", "null"],
)
def test_another_origin_is_refused(listener, alice, origin):
    with pytest.raises(InvalidStatus, match="403"):
        listener.tail(alice.client, origin=origin)


def test_no_origin_is_refused(listener, alice):
    with pytest.raises(InvalidStatus, match="403"):
        listener.connect("/ws/")


@pytest.mark.parametrize("path", ["/", "/ws", "/ws/x", "/internal/linkx", "/api/"])
def test_an_unknown_path_is_closed_with_4404(listener, people, path):
    page = listener.connect(path)
    assert page.close_code() == 4404


# -- what it does not understand ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "null",
        "[]",
        '{"t": "nothing"}',
        '{"t": "sub"}',
        '{"t": "sub", "topic": 3}',
        '{"t": "sub", "topic": "webtask:acme/hello", "since": -1}',
        '{"t": "sub", "topic": "webtask:acme/hello", "since": true}',
        '{"t": "sub", "topic": "webtask:acme/hello", "since": NaN}',
        '{"t": "sub", "topic": "team:acme"}',
        '{"t": "unsub"}',
        '{"t": "' + "x" * 70_000 + '"}',
        "[" * 60_000,
    ],
)
def test_a_message_that_is_not_understood_is_told_and_the_page_goes_on(listener, alice, hello, message):
    page = listener.tail(alice.client)
    page.connection.send(message)
    assert page.hear()["problem"]["status"] == 400
    page.say(t="ping")
    assert page.hear()["t"] == "pong"


def test_topics_are_bounded(listener, alice, hello):
    for number in range(21):
        alice.post("", {"name": f"w{number}"})
    page = listener.tail(alice.client)
    for number in range(21):
        page.say(t="sub", topic=f"webtask:acme/w{number}", since=None)
    assert "20 topics" in page.until("problem")["problem"]["detail"]


def test_what_is_shared_no_longer_is_seen_no_longer(alice, charlie, node, tail):
    """At once: nothing has to happen first."""
    shared = alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["logs"]})
    page = tail(charlie)
    assert page.hear()["t"] == "subscribed"
    node("for friends")
    assert texts(page, 1) == ["for friends"]
    alice.delete(f"/hello/collaborators/{shared.json()['number']}")
    assert page.until("problem")["problem"]["id"] == "absent"
