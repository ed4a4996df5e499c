"""Requests that are not waited for, from the caller's side: the real executor, console and worker."""

import contextlib
import socket
import time
import uuid

import httpx
import pytest

from tests.executor.limited import Limited
from tests.stack import Member, Stack, ended

# Says what it was sent.
ECHO = """\
module.exports = (ctx, req, res) => {
  const parts = [];
  req.on("data", (part) => parts.push(part));
  req.on("end", () => {
    const { host, prefer, cookie, "x-a": a, "webtask-delivery": ticket } = req.headers;
    res.end(JSON.stringify({ method: req.method, url: req.url, host, prefer, cookie, a, ticket, body: Buffer.concat(parts).toString() }));
  });
};
"""


@pytest.fixture(scope="module")
def echo(owner: Member) -> str:
    owner.publish("deferred", ECHO)
    return "/api/run/acme/deferred"


def test_the_caller_gets_202_and_a_place_to_ask(stack: Stack, echo):
    url = f"{stack.url}{echo}/x?webtask_async=1&a=%201&webtask_async=true"
    headers = {
        "prefer": "wait=5, respond-async, handling=strict",
        "x-a": "b",
        "cookie": "c=1",
    }
    answer = httpx.put(url, content=b"body", headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.headers["preference-applied"] == "respond-async"
    assert answer.headers["location"] == answer.json()["status_url"]
    told = ended(answer.headers["location"])
    assert (told["state"], told["status"], told["attempt"]) == ("done", 200, 1)
    seen = httpx.Response(200, text=told["body"]).json()
    assert seen == {
        "method": "PUT",
        "url": f"{echo}/x?a=%201",
        "host": f"localhost:{stack.port}",
        "prefer": "wait=5, handling=strict",
        "a": "b",
        "ticket": answer.json()["ticket"],
        "body": "body",
    }


def test_on_the_teams_host_too(stack: Stack, echo):
    headers = {"host": stack.team_host, "prefer": "Respond-Async"}
    answer = httpx.post(f"{stack.url}/deferred", headers=headers)
    assert answer.status_code == 202
    seen = httpx.Response(200, text=ended(answer.headers["location"])["body"]).json()
    assert (seen["host"], seen["url"]) == (stack.team_host, "/deferred")


@pytest.mark.parametrize(
    ("method", "query", "prefer"),
    [("GET", "", "wait=5"), ("GET", "?webtask_async=0", ""), ("GET", "?x=webtask_async", ""), ("GET", "?webtask%5Fasync=1", ""),
     ("OPTIONS", "", "respond-async"), ("HEAD", "?webtask_async", "")],
)  # fmt: skip
def test_who_does_not_ask_for_it_waits(stack: Stack, echo, method, query, prefer):
    answer = httpx.request(method, f"{stack.url}{echo}{query}", headers={"prefer": prefer} if prefer else {})
    assert (answer.status_code, answer.headers["x-wt-response-source"]) == (200, "webtask")


def test_a_key_makes_one_delivery(stack: Stack, echo):
    headers = {"prefer": "respond-async", "idempotency-key": uuid.uuid4().hex}
    one, two, other = (
        httpx.post(f"{stack.url}{echo}", content=content, headers=headers) for content in (b"1", b"1", b"2")
    )
    assert (one.status_code, two.status_code, other.status_code) == (202, 202, 422)
    assert one.headers["location"] == two.headers["location"]
    assert "Idempotency-Key" in other.json()["message"]


def test_what_cannot_be_kept_is_refused_at_once(stack: Stack, echo):
    headers = {"prefer": "respond-async"}
    absent = httpx.post(f"{stack.url}/api/run/acme/no-such-thing", headers=headers)
    assert (absent.status_code, absent.json()["code"]) == (404, 404)
    large = httpx.post(f"{stack.url}{echo}", content=b"x" * (1024 * 1024 + 1), headers=headers)
    assert large.status_code == 413

    def unannounced():
        for _ in range(17):
            yield b"x" * 65536

    assert httpx.post(f"{stack.url}{echo}", content=unannounced(), headers=headers).status_code == 413


def test_a_connection_goes_on_after_it(stack: Stack, echo):
    with httpx.Client(base_url=stack.url) as client:
        for _ in range(3):
            assert client.post(echo, headers={"prefer": "respond-async"}, content=b"a").status_code == 202
            assert client.post(echo, content=b"a").status_code == 200


def announced(stack: Stack, path: str, size: int) -> socket.socket:
    """A caller that has sent a head, and the body only when it is asked to."""
    client = socket.create_connection(("127.0.0.1", stack.port))
    client.settimeout(20)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost:{stack.port}\r\nPrefer: respond-async\r\nExpect: 100-continue\r\n"
    client.sendall(f"{head}Content-Length: {size}\r\n\r\n".encode())
    return client


def test_callers_that_send_slowly_cannot_fill_the_memory(stack: Stack, echo):
    with contextlib.ExitStack() as all_:
        for _ in range(8):
            slow = all_.enter_context(announced(stack, echo, 1024 * 1024))
            assert slow.recv(100).startswith(b"HTTP/1.1 100 ")
        refused = httpx.post(f"{stack.url}{echo}", content=b"a", headers={"prefer": "respond-async"})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        assert httpx.post(f"{stack.url}{echo}", content=b"a").status_code == 200, "who waits is not concerned"
    while (status := httpx.post(f"{stack.url}{echo}?webtask_async", content=b"a").status_code) == 429:
        time.sleep(0.01)
    assert status == 202


def test_a_body_that_does_not_come_is_not_waited_for(owner: Member):
    slow = Limited(owner, "deferred-slow", ECHO, {"wall_ms": 300})
    with announced(owner.stack, httpx.URL(slow.url).path, 10) as client:
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"half")
        heard = b"".join(iter(lambda: client.recv(4096), b""))
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in heard
