"""What may not pass between a client, a webtask and the console that shares its port."""

import socket

import httpx
import pytest


@pytest.fixture(scope="module")
def mirror(stack, owner):
    """A webtask that tells what it saw and answers with whatever headers it is asked for."""
    owner.publish(
        "mirror",
        """
        module.exports = (ctx, req, res) => {
          for (const [name, value] of JSON.parse(ctx.query.set || '[]')) res.setHeader(name, value);
          res.end(JSON.stringify({ headers: req.headers, url: req.url }));
        }
        """,
    )
    return f"{stack.url}/api/run/acme/mirror"


def test_on_the_consoles_host_an_answer_is_sandboxed(mirror):
    policy = httpx.get(mirror).headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "allow-same-origin" not in policy


def test_on_the_teams_host_it_is_not(stack, mirror):
    answer = httpx.get(f"http://127.0.0.1:{stack.port}/mirror", headers={"host": stack.team_host})
    assert "content-security-policy" not in answer.headers


def test_the_consoles_pages_take_no_script_from_run_urls(stack):
    """A webtask's answer shares the console's host; 'self' in script-src would let a page run it."""
    policy = httpx.get(f"{stack.url}/signin").headers["content-security-policy"]
    sources = dict(part.split(None, 1) for part in policy.split("; ") if " " in part)
    assert sources["script-src"] == sources["worker-src"] == f"{stack.url}/static/"


def test_console_cookies_never_reach_user_code(mirror, owner):
    """A signed-in person's own browser cookies, sent because the console shares the host."""
    assert owner.http.cookies["webtasks_session"]
    seen = owner.http.get(mirror).json()["headers"]
    assert "cookie" not in seen


def test_user_code_sets_nothing_that_acts_on_the_console(mirror):
    asked = '[["Set-Cookie","webtasks_session=stolen"],["Clear-Site-Data","\\"*\\""],["X-Fine","yes"]]'
    answer = httpx.get(mirror, params={"set": asked})
    assert "set-cookie" not in answer.headers
    assert "clear-site-data" not in answer.headers
    assert answer.headers["x-fine"] == "yes"


def test_user_code_cannot_speak_in_our_name(mirror):
    answer = httpx.get(mirror, params={"set": '[["x-wt-response-source","proxy"],["x-wt-version","v99"]]'})
    assert answer.headers.get_list("x-wt-response-source") == ["webtask"]
    assert answer.headers.get_list("x-wt-version") == ["v1"]


def test_a_grant_and_forwarded_headers_of_the_client_are_not_passed_in(mirror):
    sent = {"x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "https", "x-mine": "1"}
    seen = httpx.get(mirror, headers=sent).json()["headers"]
    assert (seen["x-forwarded-for"], seen["x-forwarded-proto"], seen["x-mine"]) == ("127.0.0.1", "http", "1")


def test_a_made_up_grant_is_refused(mirror):
    assert httpx.get(mirror, headers={"webtask-grant": "made-up"}).status_code == 403


def raw(stack, request: bytes) -> bytes:
    """Sends bytes as they are and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(request)
        parts = []
        while data := connection.recv(65536):
            parts.append(data)
        return b"".join(parts)


def test_two_content_lengths_are_refused(stack):
    head = b"POST /api/run/acme/mirror HTTP/1.1\r\nHost: localhost\r\n"
    answer = raw(stack, head + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_length_beside_chunked_is_refused(stack):
    head = b"POST /api/run/acme/mirror HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    answer = raw(stack, head + b"Content-Length: 3\r\n\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_an_endless_head_is_refused(stack):
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Endless: " + b"x" * 200_000
    assert raw(stack, head).startswith(b"HTTP/1.1 400 ")


def test_pipelined_requests_are_answered_in_order(stack, mirror):
    one = b"GET /api/run/acme/mirror/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    two = b"GET /signin HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % stack.port
    three = b"GET /api/run/acme/mirror/3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = raw(stack, one + two + three)
    assert answer.count(b"HTTP/1.1 200 ") == 3
    assert answer.index(b"mirror/1") < answer.index(b"csrfmiddlewaretoken") < answer.index(b"mirror/3")


def test_an_http_1_0_client_gets_an_answer_ended_by_closing(stack, mirror):
    answer = raw(stack, b"GET /api/run/acme/mirror HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert b"transfer-encoding" not in answer.lower()
    assert answer.endswith(b'"url":"/api/run/acme/mirror"}')


def test_head_has_the_headers_and_no_body(mirror):
    answer = httpx.head(mirror)
    assert (answer.status_code, answer.content) == (200, b"")


def test_expect_continue_is_answered_before_the_body(stack, owner):
    owner.publish("count", "module.exports = (ctx, cb) => cb(null, { size: ctx.body_raw.length })")
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(
            b"POST /api/run/acme/count HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
            b"Content-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
        )
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"body")
        answer = b""
        while data := connection.recv(65536):
            answer += data
        assert answer.endswith(b'{"size":4}')


FORGER = """
const fs = require('fs');
const frame = (kind, stream, payload) => {
  const body = Buffer.from(payload), head = Buffer.alloc(9);
  head.writeUInt32BE(body.length + 5, 0); head[4] = kind; head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
};
const forged = {
  endless: () => Buffer.from([0x7f, 0xff, 0xff, 0xff, 5, 0, 0, 0, 1]),
  request: () => frame(3, 1, '{}'),
  strange: () => frame(4, 4000, '[200,"",[],"webtask"]'),
  shape: () => frame(4, 1, '{"status":200}'),
  status: () => frame(4, 1, '[99,"",[],"webtask"]'),
  bodyless: () => frame(5, 1, 'body before head'),
};
module.exports = (ctx, cb) => { fs.writeSync(3, forged[ctx.query.how]()); };
"""


@pytest.mark.parametrize("how", ["endless", "request", "strange", "shape", "status", "bodyless"])
def test_a_guest_that_breaks_the_frame_protocol_is_killed(stack, owner, how):
    """User code can write to the runtime's own channel; what it gains is the end of its own process."""
    owner.publish("forger", FORGER)
    answer = httpx.get(f"{stack.url}/api/run/acme/forger", params={"how": how}, timeout=20)
    assert (answer.status_code, answer.headers["x-wt-response-source"]) == (502, "proxy")
    assert httpx.get(f"{stack.url}/api/run/acme/mirror").status_code == 200


def test_a_guest_that_says_it_leaves_and_stays_is_made_to_leave(stack, owner):
    owner.publish("lingers", FORGER.replace("frame(3, 1, '{}')", "frame(11, 0, '')"))
    answer = httpx.get(f"{stack.url}/api/run/acme/lingers", params={"how": "request"}, timeout=20)
    assert (answer.status_code, answer.headers["x-wt-response-source"]) == (503, "proxy")
    assert answer.json()["error"] == "ended: uncaught exception"


@pytest.mark.parametrize("header", ["x: y\\r\\nset-cookie: a=1", "bad name: y", "x: \\u0000"])
def test_a_forged_header_cannot_split_the_answer(stack, owner, header):
    name, _, value = header.partition(": ")
    code = f"""
    const head = JSON.stringify([200, '', ["{name}", "{value}"], 'webtask']);
    const frame = Buffer.alloc(9 + head.length);
    frame.writeUInt32BE(head.length + 5, 0); frame[4] = 4; frame.writeUInt32BE(1, 5); frame.write(head, 9);
    module.exports = (ctx, cb) => {{ require('fs').writeSync(3, frame); }};
    """
    owner.publish("splitter", code)
    answer = httpx.get(f"{stack.url}/api/run/acme/splitter", timeout=20)
    assert answer.status_code == 502
    assert "answered with an invalid" in answer.json()["message"]
    assert "set-cookie" not in answer.headers
