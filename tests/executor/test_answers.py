"""What the edge adds to a webtask's answers, and how it answers browsers and those who only look."""

import json
import socket

import httpx
import pytest

HELLO = "module.exports = function (cb) { cb(null, { hello: 1 }); }"


@pytest.fixture(scope="module")
def url(stack, owner):
    owner.publish("answers", HELLO)
    return f"{stack.url}/api/run/acme/answers"


def test_the_originals_figures_are_json(url):
    answer = httpx.get(url)
    proxy, own = (json.loads(answer.headers[name]) for name in ("x-auth0-proxy-stats", "x-auth0-stats"))
    assert proxy["req_id"] == answer.headers["x-wt-invocation"]
    assert {"proxy_host", "container_id", "time", "uptime", "memory"} <= proxy.keys()
    assert own.keys() == {"response", "time", "uptime", "memory"}


def test_a_webtask_cannot_forge_them(stack):
    code = "module.exports = (ctx, req, res) => { res.setHeader('X-Auth0-Stats', 'mine'); res.end('x'); }"
    assert len(stack.adhoc(code).headers.get_list("x-auth0-stats")) == 1
    assert "mine" not in stack.adhoc(code).headers["x-auth0-stats"]


def test_a_look_at_the_head_gets_the_head(url):
    head, whole = httpx.head(url), httpx.get(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_a_page_of_another_origin_may_run_code_by_token(stack):
    place = f"{stack.url}/api/run/acme"
    asking = {"origin": "https://editor.example", "access-control-request-method": "POST"}
    asked = httpx.options(place, headers={**asking, "access-control-request-headers": "authorization"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
    assert asked.headers["access-control-allow-headers"] == "authorization"
    headers = {"authorization": f"Bearer {stack.token}", "origin": "https://editor.example"}
    answer = httpx.post(place, content=HELLO, headers=headers)
    assert (answer.json(), answer.headers["access-control-allow-origin"]) == ({"hello": 1}, "*")
    assert "x-wt-response-source" in answer.headers["access-control-expose-headers"]
    own = "module.exports = (ctx, req, res) => { res.setHeader('Access-Control-Allow-Origin', 'https://a'); res.end(); }"
    assert httpx.post(place, content=own, headers=headers).headers.get_list(
        "access-control-allow-origin"
    ) == ["https://a"]


def test_code_that_does_not_come_is_not_waited_for(stack, owner):
    owner.team_limits(wall_ms=200)
    try:
        with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as slow:
            head = (
                f"POST /api/run/acme HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {stack.token}\r\n"
            )
            slow.sendall(f"{head}Content-Length: 10\r\n\r\nmod".encode())
            assert slow.recv(1000).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    finally:
        owner.team_limits(wall_ms=None)


def test_a_named_webtask_answers_a_browsers_question_itself(url):
    headers = {"origin": "https://a", "access-control-request-method": "POST"}
    asked = httpx.options(url, headers=headers)
    assert (asked.json(), "access-control-allow-origin" in asked.headers) == ({"hello": 1}, False)
