"""Connections to webtasks that speak a protocol of their own, byte by byte, and guests that lie about it."""

import contextlib
import socket as sockets
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.stack import Member, Stack

# A protocol of its own: what comes in goes out in capitals.
SHOUT = r"""
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n';
module.exports = (ctx, req, res) => {
  const { socket } = req;
  socket.write(SWITCH);
  socket.on('data', data => socket.write(String(data).toUpperCase()));
  socket.on('end', () => socket.end('BYE'));
  if (ctx.query.first) socket.end();
};
"""


@contextlib.contextmanager
def shouting(stack, name: str, rest: str = "", more: bytes = b"") -> Iterator[sockets.socket]:
    with sockets.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        head = f"GET /api/run/acme/{name}{rest} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n"
        connection.sendall(head.encode() + more)
        yield connection


def all_of(connection: sockets.socket) -> bytes:
    answer = b""
    while data := connection.recv(65536):
        answer += data
    return answer


@pytest.fixture(scope="module")
def shout(owner) -> str:
    owner.publish("shout", SHOUT)
    return "shout"


def test_bytes_may_come_with_the_handshake(stack, shout):
    with shouting(stack, shout, more=b"early ") as connection:
        connection.sendall(b"late")
        connection.shutdown(sockets.SHUT_WR)
        head, _, body = all_of(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: shout\r\n")
    assert body == b"EARLY LATEBYE"


def test_the_webtask_may_end_first(stack, shout):
    with shouting(stack, shout, "?first=1") as connection:
        assert all_of(connection).endswith(b"\r\n\r\n")
        connection.sendall(b"still heard by it")


def test_a_request_behind_the_handshake_is_bytes(stack, shout):
    hidden = b"GET /api/run/acme/shout HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with shouting(stack, shout, more=hidden) as connection:
        connection.shutdown(sockets.SHUT_WR)
        answer = all_of(connection)
    assert answer.count(b"HTTP/1.1 101") == 1
    assert answer.endswith(hidden.upper() + b"BYE")


FORGERIES = {
    "a header in the protocol's name": r"[101,'',['Upgrade','shout\r\nSet-Cookie: a=1'],'webtask']",
    "a header in a value": r"[101,'',['Upgrade','shout','X','y\r\nSet-Cookie: a=1'],'webtask']",
    "a reason of two lines": r"[101,'OK\r\nSet-Cookie: a=1',['Upgrade','shout'],'webtask']",
    "no protocol": "[101,'',[],'webtask']",
    "another switch": "[102,'',['Upgrade','shout'],'webtask']",
}
FORGE = """
const frame = (kind, payload) => {
  const head = Buffer.alloc(9);
  head.writeUInt32BE(payload.length + 5, 0); head[4] = kind; head.writeUInt32BE(1, 5);
  return Buffer.concat([head, Buffer.from(payload)]);
};
const say = (...frames) => require('fs').writeSync(3, Buffer.concat(frames));
const switched = JSON.stringify([101, '', ['Upgrade', 'shout'], 'webtask']);
module.exports = (ctx, req, res) => { %s };
"""


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_switch_forges_nothing(owner, stack, how):
    owner.publish("forging", FORGE % f"say(frame(4, JSON.stringify({FORGERIES[how]})), frame(6, ''))")
    with shouting(stack, "forging") as connection:
        connection.shutdown(sockets.SHUT_WR)
        answer = all_of(connection)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"set-cookie" not in answer.lower()


@pytest.mark.parametrize("more", ["frame(5, 'more')", "frame(6, '')", "frame(4, switched)"])
def test_who_speaks_after_the_end_breaks_the_protocol(owner, stack, more):
    owner.publish("forging", FORGE % f"say(frame(4, switched), frame(6, ''), {more})")
    with shouting(stack, "forging") as connection:
        assert b"more" not in all_of(connection)
    assert httpx.get(f"{stack.url}/api/run/acme/forging", timeout=60).status_code == 502


FLOOD = r"""
let sent = 0;
const chunk = Buffer.alloc(65536);
module.exports = (ctx, req, res) => {
  if (!req.headers.upgrade) return void res.end(String(sent));
  req.socket.write('HTTP/1.1 101 Yes\r\nUpgrade: shout\r\n\r\n');
  const more = error => { if (!error) { sent += chunk.length; req.socket.write(chunk, more); } };
  more();
};
"""


def test_a_client_that_does_not_read_holds_its_webtask_back(owner, stack):
    owner.publish("flood", FLOOD)
    url = f"{stack.url}/api/run/acme/flood"
    with shouting(stack, "flood"):
        sent = [-1, int(httpx.get(url, timeout=60).text)]
        while sent[-1] != sent[-2] or not sent[-1]:
            time.sleep(0.3)
            sent.append(int(httpx.get(url, timeout=60).text))
    assert sent[-1] < 20_000_000  # what the kernel holds for a connection, and our 256 KiB


OFFER = (
    b"Host: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
)


def test_an_offer_that_nobody_takes_is_a_plain_request(owner, stack):
    """As curl makes it, of HTTP/2."""
    owner.publish("plain", "module.exports = (ctx, req, res) => { req.pipe(res); }")
    with sockets.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(b"GET /api/run/acme/plain HTTP/1.1\r\n" + OFFER + b"\r\n")
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close" in answer


HIDDEN = b"GET /api/run/acme/plain?hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
NEXT = b"GET /api/run/acme/plain HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
BODIES = {
    "by its length": b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "in chunks": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("pause", [0, 0.3])
@pytest.mark.parametrize("body", BODIES)
def test_the_body_of_such_a_request_stays_its_body(owner, stack, body, pause):
    owner.publish("plain", "module.exports = (ctx, req, res) => { req.pipe(res); }")
    head, _, rest = (b"POST /api/run/acme/plain HTTP/1.1\r\n" + OFFER + BODIES[body]).partition(b"\r\n\r\n")
    with sockets.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(head + b"\r\n\r\n" + (b"" if pause else rest))
        time.sleep(pause)
        connection.sendall((rest if pause else b"") + NEXT)
        answer = all_of(connection)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert answer.count(b"?hidden") == 1


def test_many_such_requests_at_once_are_many_requests(stack):
    offer = b"GET /api/run/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    with sockets.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(offer * 1000 + NEXT)
        answer = all_of(connection)
    assert answer.count(b"HTTP/1.1 ") == 1001


def test_an_open_connection_does_not_hold_up_the_end_of_the_server(tmp_path):
    stack = Stack.start(tmp_path / "data")
    with Member(stack, stack.email, stack.password) as member:
        member.publish("shout", SHOUT)
    with shouting(stack, "shout") as connection:
        assert connection.recv(65536).startswith(b"HTTP/1.1 101 ")
        assert stack.stop() == 0
        assert all_of(connection) == b""
    assert "Traceback" not in stack.log.read_text()
