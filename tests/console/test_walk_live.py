"""Everybody subscribes to every topic of the websocket and opens the log stream, and fares as the one table says."""

from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from console.accounts.needs import Beyond
from console.accounts.roles import Action
from console.live.page import SIGNED_OUT
from console.ways import TOPIC, ways
from tests.console.walk import bearers
from tests.console.walk.cast import cast
from tests.console.walk.holders import holders
from tests.console.walk.sessions import sessions
from tests.console.walk.walk import ABSENT, FAILED, IN, UNKNOWN, UNSIGNED, Row, expected
from tests.console.walk.walker import Law, Walker

CLOSED = "closed"
# By the name under which docs/permissions.md has them.
TOPICS = {
    "webtask:TEAM/NAME": Row(
        "get", "webtask:acme/hello", Action.LOGS, steps=((Action.LOGS, "forbidden"),), webtask="hello"
    ),
    "versions:TEAM/NAME": Row(
        "get", "versions:acme/hello", Action.CODE, steps=((Action.CODE, "forbidden"),), webtask="hello"
    ),
    "here webtask:TEAM/NAME": Row(
        "get", "here webtask:acme/hello", Action.CODE, steps=((Action.CODE, "forbidden"),), webtask="hello"
    ),
    "system": Row("get", "system", Beyond.STAFF),
}
STREAM = Row("get", "/api/logs/tenant/acme", Action.LOGS, steps=((Action.LOGS, "forbidden"),))
pytestmark = pytest.mark.django_db(transaction=True)


def subscribed(listener: Any, walker: Walker, topic: str) -> str:
    shown = walker.client.defaults.get("HTTP_AUTHORIZATION")
    page = listener.connect("/ws/", authorization=shown) if shown else listener.tail(walker.client)
    try:
        verb, _, at = topic.rpartition(" ")
        page.say(t=verb or "sub", topic=at, since=None)
        told = page.hear()
        return IN if told["t"] in ("subscribed", "presence") else str(told["problem"]["id"])
    except ConnectionClosed as closed:
        return CLOSED if closed.rcvd and closed.rcvd.code == SIGNED_OUT else FAILED
    finally:
        page.close()


def heard(walker: Walker, one: Row) -> str:
    """By the table alone. To open the websocket is to ask with GET."""
    if walker.key and walker.key.methods is not None and "GET" not in walker.key.methods:
        return CLOSED
    outcome = expected(walker, one, Law())
    return CLOSED if outcome in (UNSIGNED, UNKNOWN) else outcome


@pytest.mark.timeout(300)
def test_everybody_hears_what_the_table_says_and_nothing_else(people, hello, listener):
    found = []
    for walker in (*cast(people), *holders(people), *sessions(people)):
        for one in TOPICS.values():
            outcome = subscribed(listener, walker, one.path)
            if outcome != heard(walker, one):
                found.append(f"{walker}: {one.path} → {outcome}, not {heard(walker, one)}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_an_absent_webtask_is_told_alike(people, hello, listener, who):
    walker = Walker(who, getattr(people, who).client)
    assert subscribed(listener, walker, "webtask:acme/none") == ABSENT
    assert subscribed(listener, walker, "webtask:nada/hello") == ABSENT


@pytest.mark.timeout(300)
def test_the_log_stream_opens_to_whom_the_table_says(people, hello, listener):
    cast(people)
    found = []
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(listener.path))) as http:
        for bearer in bearers.bearers(people):
            headers = {"authorization": f"Bearer {bearer.shown}"} if bearer.shown else {}
            status = http.head(f"http://localhost{STREAM.path}", headers=headers).status_code
            # It tells of all webtasks: one for some of them will not do.
            refused = bearer.names is not None or bearers.expected(bearer, STREAM) == bearers.REFUSED
            if status != (403 if refused else 200):
                found.append(f"{bearer}: {status}")
    assert not found, "\n".join(found)


def test_every_topic_is_tried():
    topics = {way.path: way.needs for way in ways() if way.kind == TOPIC}
    assert {path: [need.what for need in needs] for path, needs in topics.items()} == {
        path: [one.what] for path, one in TOPICS.items()
    }, "add it to TOPICS"
