"""From console.log in the sandbox to a watcher's websocket, through the public port."""

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.tail import line_with, lines, watch

TOPIC = "webtask:acme/chatty"
CHATTY = """
module.exports = (ctx, cb) => {
  console.log('hello %s', ctx.query.name, { nested: [1] });
  console.error('an error line');
  setTimeout(() => { console.warn('later'); cb(null, {}); }, 1);
}
"""


@pytest.fixture(scope="module")
def chatty(stack, owner):
    owner.publish("chatty", CHATTY)
    return f"{stack.url}/api/run/acme/chatty"


def test_lines_arrive_live_with_level_time_and_invocation(chatty, owner):
    with watch(owner, TOPIC) as socket:
        answer = httpx.get(chatty, params={"name": "Ada"})
        invocation = answer.headers["x-wt-invocation"]
        got = lines(socket, 3, invocation=invocation)
    assert [(line["level"], line["text"]) for line in got] == [
        ("info", "hello Ada { nested: [ 1 ] }"),
        ("error", "an error line"),
        ("warn", "later"),
    ]
    assert all(line["time"] and line["label"] == "v1" for line in got)
    assert [line["seq"] for line in got] == sorted(line["seq"] for line in got)


def test_a_watcher_that_was_away_gets_what_it_missed_and_nothing_twice(chatty, owner):
    with watch(owner, TOPIC) as socket:
        before = httpx.get(chatty, params={"name": "before"}).headers["x-wt-invocation"]
        last_seen = lines(socket, 3, invocation=before)[-1]["seq"]
    away = httpx.get(chatty, params={"name": "away"}).headers["x-wt-invocation"]
    with watch(owner, TOPIC, since=last_seen) as socket:
        after = httpx.get(chatty, params={"name": "after"}).headers["x-wt-invocation"]
        got = lines(socket, 6)
    assert [line["invocation"] for line in got] == [away] * 3 + [after] * 3


def test_a_flood_is_cut_and_the_cut_is_told(stack, owner):
    owner.publish(
        "flood", "module.exports = cb => { for (let i = 0; i < 20000; i++) console.log(i); cb(null, {}); }"
    )
    with watch(owner, "webtask:acme/flood") as socket:
        assert httpx.get(f"{stack.url}/api/run/acme/flood", timeout=60).status_code == 200
        line_with(socket, "dropped")


def test_a_killed_worker_says_why_in_its_log(stack, owner):
    owner.publish("spinner", "module.exports = cb => { for (;;); }")
    with watch(owner, "webtask:acme/spinner") as socket:
        httpx.get(f"{stack.url}/api/run/acme/spinner", timeout=30)
        assert "event loop blocked for 2,000 ms" in lines(socket, 1)[0]["text"]


def test_a_stranger_gets_no_line(stack):
    url = stack.url.replace("http", "ws") + "/ws/"
    with connect(url, origin=Origin(stack.url)) as socket:
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)
        assert socket.close_code == 4401


def test_a_foreign_page_gets_no_socket(stack, owner):
    url = stack.url.replace("http", "ws") + "/ws/"
    cookies = {"cookie": "; ".join(f"{name}={value}" for name, value in owner.http.cookies.items())}
    with (
        pytest.raises(InvalidStatus),
        connect(url, additional_headers=cookies, origin=Origin("http://evil.example")),
    ):
        pass
