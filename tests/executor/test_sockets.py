"""WebSockets to webtasks: npm's ws in the webtask, Python's websockets as the client, and the hostile of both."""

import contextlib
import json
import socket as sockets
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.executor.bundle import with_ws
from tests.tail import line_with, lines, watch

SERVER = """
const server = new ws.WebSocketServer({ noServer: true, perMessageDeflate: true, %s });
module.exports = (ctx, req, res) => {
  if (!req.headers.upgrade) return void res.end(String(server.clients.size));
  server.handleUpgrade(req, req.socket, Buffer.alloc(0), socket => server.emit('connection', socket, req));
};
"""
CHAT = (
    SERVER
    + """
server.on('connection', socket => {
  socket.on('message', (data, binary) => {
    const text = String(data.subarray(0, 20));
    if (text === 'crash') setTimeout(() => { throw new Error('crashed'); });
    else if (text === 'leave') socket.close(4001, 'as asked');
    else if (text === 'all') server.clients.forEach(client => client.send('to all'));
    else socket.send(data, { binary });
  });
  socket.on('close', code => console.log(`closed with ${code}`));
});
"""
)


def chat(**options: str) -> str:
    return with_ws(CHAT % "".join(f"{name}: {value}, " for name, value in options.items()))


def reach(url: str, **options: Any) -> ClientConnection:
    found: ClientConnection = connect(url.replace("http", "ws", 1), max_size=None, **options)
    return found


def header(socket: ClientConnection, name: str) -> str:
    """Of the handshake's answer."""
    assert socket.response is not None
    return socket.response.headers[name]


@pytest.fixture(scope="module")
def room(stack, owner) -> str:
    owner.publish("room", chat())
    return f"{stack.url}/api/run/acme/room"


# -- what a WebSocket is for -------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["text with ü", b"bytes \0", "x" * 100_000, bytes(5_000_000)])
def test_messages_pass_both_ways(room, message):
    with reach(room) as socket:
        for _ in range(2 if len(message) < 1_000_000 else 1):
            socket.send(message)
            assert socket.recv(timeout=20) == message


def test_the_handshake_says_whose_answer_it_is(room):
    with reach(room, subprotocols=["one", "two"]) as socket:
        assert socket.subprotocol == "one"
        assert header(socket, "x-wt-response-source") == "webtask"
        assert header(socket, "x-wt-invocation")
        assert socket.ping().wait(20)


def test_it_is_reached_by_the_teams_host_too(stack, room):
    plain = sockets.create_connection(("127.0.0.1", stack.port))
    with connect(f"ws://{stack.team_host}/room", sock=plain) as socket:
        socket.send("here")
        assert socket.recv(timeout=20) == "here"


def test_a_hundred_at_once_hear_one(owner, stack):
    owner.publish("hall", chat())
    url = f"{stack.url}/api/run/acme/hall"
    with contextlib.ExitStack() as open_:
        crowd = [open_.enter_context(reach(url)) for _ in range(100)]
        assert httpx.get(url, timeout=60).text == "100"
        crowd[0].send("all")
        assert {socket.recv(timeout=20) for socket in crowd} == {"to all"}


def test_either_side_closes_with_its_code(owner, room):
    with reach(room) as socket:
        socket.send("leave")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)
        assert (socket.close_code, socket.close_reason) == (4001, "as asked")
    with watch(owner, "webtask:acme/room") as log:
        with reach(room) as socket:
            socket.close(4002)
        told = lines(log, 2, invocation=header(socket, "x-wt-invocation"))
    assert {line["text"].partition(" after")[0] for line in told} == {"closed with 4002", "connection closed"}


def test_it_is_an_invocation_that_lasted(owner, room):
    with watch(owner, "webtask:acme/room") as log:
        with reach(room) as socket:
            time.sleep(0.2)
        told = invocation(log, header(socket, "x-wt-invocation"))
    assert (told["status"], told["method"]) == (101, "GET")
    assert told["ms"] >= 200


def invocation(log: ClientConnection, wanted: str) -> dict[str, Any]:
    while True:
        message = json.loads(log.recv(timeout=20))
        for one in message.get("invocations", []):
            if one["id"] == wanted:
                return dict(one)


# -- refusals ----------------------------------------------------------------------------------------------

REFUSALS = {
    "by ws": (chat(verifyClient="() => false"), 401),
    "by the response": ("module.exports = (ctx, req, res) => { res.statusCode = 426; res.end('no') }", 426),
    "by a callback": ("module.exports = (ctx, cb) => cb(null, 'plain')", 200),
    "by an exception": ("module.exports = (ctx, req, res) => { throw new Error('no') }", 500),
    "by code that does not compile": ("module.exports = (", 400),
    "by hanging up": ("module.exports = (ctx, req, res) => { req.socket.destroy() }", 502),
    "by another protocol": (
        r"module.exports = (ctx, req, res) => { req.socket.write('HTTP/1.1 101 No\r\nUpgrade: other\r\n\r\n') }",
        502,
    ),
}


@pytest.mark.parametrize("how", REFUSALS)
def test_a_refusal_is_a_plain_answer(owner, stack, how):
    code, status = REFUSALS[how]
    owner.publish("refusing", code)
    with pytest.raises(InvalidStatus) as refused:
        reach(f"{stack.url}/api/run/acme/refusing")
    assert refused.value.response.status_code == status
    assert refused.value.response.headers["connection"] == "close"


def test_the_handler_opened_in_a_browser_says_what_is_wrong(owner, stack):
    """ws answers a request that is no handshake on the socket itself."""
    owner.publish("strict", with_ws((SERVER % "").replace("if (!req.headers.upgrade)", "if (false)")))
    answer = httpx.get(f"{stack.url}/api/run/acme/strict", timeout=60)
    assert (answer.status_code, answer.text) == (400, "Invalid Upgrade header")


def test_ad_hoc_code_takes_none(stack):
    with pytest.raises(InvalidStatus) as refused:
        reach(f"{stack.url}/api/run/acme?key={stack.token}")
    assert refused.value.response.status_code == 501


# -- limits and ends ---------------------------------------------------------------------------------------


def alive(socket: ClientConnection) -> None:
    socket.send("alive")
    assert socket.recv(timeout=20) == "alive"


def hear(socket: ClientConnection, *, meanwhile: Callable[[], None]) -> None:
    """Until something comes, which may be the end of the connection."""
    while True:
        meanwhile()
        with contextlib.suppress(TimeoutError):
            socket.recv(timeout=0.2)
            return


def test_silence_ends_it_and_spares_the_worker(limited, owner):
    task = limited(chat(), wall_ms=3000)
    with watch(owner, f"webtask:acme/{task.name}") as log, reach(task.url) as busy, reach(task.url) as silent:
        with pytest.raises(ConnectionClosed):
            hear(silent, meanwhile=lambda: alive(busy))
        alive(busy)
        assert line_with(log, "closed: nothing passed for 3,000 ms")["level"] == "info"
        assert httpx.get(task.url, timeout=60).text == "1"


def test_a_handshake_without_end_is_over_in_time(limited):
    task = limited(
        "module.exports = (ctx, req, res) => { req.socket.write('HTTP/1.1 101 Switch') }", wall_ms=500
    )
    with pytest.raises(InvalidStatus) as refused:
        reach(task.url)
    assert refused.value.response.status_code == 504


@pytest.mark.parametrize("limits", [{"body_bytes": 1024}, {"response_bytes": 1024}])
def test_more_in_a_minute_than_allowed_ends_it(limited, owner, limits):
    task = limited(chat(perMessageDeflate="false"), **limits)
    with watch(owner, f"webtask:acme/{task.name}") as log, reach(task.url, compression=None) as socket:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(100):
                socket.send("x" * 500)
                socket.recv(timeout=20)
            pytest.fail("fifty thousand bytes passed")
        line = line_with(log, "closed: more passed in a minute than allowed")
        assert "1 KiB" in line["text"]


def test_a_crash_ends_all_of_them_and_the_next_finds_a_new_worker(owner, stack):
    owner.publish("crashing", chat())
    url = f"{stack.url}/api/run/acme/crashing"
    with reach(url) as one, reach(url) as two:
        one.send("crash")
        for socket in (one, two):
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=20)
            assert closed.value.rcvd is None
    with reach(url) as socket:
        socket.send("again")
        assert socket.recv(timeout=20) == "again"


def test_a_publish_moves_them_on(owner, stack):
    owner.publish("moving", chat())
    url = f"{stack.url}/api/run/acme/moving"
    with reach(url) as old:
        old.send("old")
        assert old.recv(timeout=20) == "old"
        owner.publish("moving", chat() + "// changed")
        old.send("still here")
        assert old.recv(timeout=20) == "still here"
        with reach(url) as new:
            assert header(new, "x-wt-version") != header(old, "x-wt-version")
        with pytest.raises(ConnectionClosed):
            old.recv(timeout=20)
