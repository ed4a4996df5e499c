"""A webtask's calls to the outside, through the whole product."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.stack import Member, Stack, free_port
from tests.tail import line_with, watch


class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"hello " + self.path.encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def serving(port: int) -> Iterator[None]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Hello) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Member, int]]:
    """A server that webtasks of a stack of its own may reach, and that stack."""
    port = free_port()
    stack = Stack.start(
        tmp_path_factory.mktemp("egress") / "data",
        WEBTASKS_EGRESS_PRIVATE="127.0.0.1/32",
        WEBTASKS_EGRESS_PORTS=f"80,{port}",
    )
    with serving(port), Member(stack, stack.email, stack.password) as member:
        yield stack, member, port
    assert stack.stop() == 0, stack.log.read_text()[-4000:]


CALLER = """
module.exports = (ctx, cb) => {
  fetch(ctx.query.url, { headers: { connection: 'close' } })
    .then((answer) => answer.text())
    .then((text) => cb(null, text), (error) => cb(null, error.cause.code));
}
"""


@pytest.fixture(scope="module")
def caller(outside):
    stack, member, _ = outside
    member.publish("caller", CALLER)
    return f"{stack.url}/api/run/acme/caller"


def calls(member: Member, invocation: str) -> list[dict[str, Any]]:
    answer = member.api("GET", "/caller/egress", params={"invocation": invocation})
    found: list[dict[str, Any]] = answer.json()
    return found


def test_adhoc_code_has_the_network_too(outside):
    stack, _, port = outside
    code = f"module.exports = (cb) => fetch('http://localhost:{port}/x').then((r) => r.text()).then((t) => cb(null, t), cb)"
    assert stack.adhoc(code).json() == "hello /x"


def test_a_refusal_is_told_in_the_log_and_recorded_beside_the_invocation(outside, caller):
    _, member, _ = outside
    with watch(member, "webtask:acme/caller") as socket:
        answer = httpx.get(caller, params={"url": "http://10.0.0.1/"})
        line = line_with(socket, "10.0.0.1")
    assert answer.json() in {"ECONNRESET", "UND_ERR_SOCKET"}
    invocation = answer.headers["x-wt-invocation"]
    assert line["text"] == "network: connection to 10.0.0.1:80 refused: private address"
    assert (line["level"], line["invocation"]) == ("warn", invocation)
    (call,) = calls(member, invocation)
    assert (call["host"], call["port"], call["verdict"]) == ("10.0.0.1", 80, "refused: private address")


def test_each_call_belongs_to_the_invocation_that_made_it(outside, caller):
    """Of requests that run at once in one worker the executor alone could not tell."""
    _, member, port = outside
    with ThreadPoolExecutor() as pool, watch(member, "webtask:acme/caller") as socket:
        urls = [f"http://127.0.0.1:{port}/{number}" for number in range(4)]
        answers = list(pool.map(lambda url: httpx.get(caller, params={"url": url}), urls))
        # Records come in the order of the calls' ends; this one's line comes after all of them.
        httpx.get(caller, params={"url": "http://10.0.0.2/"})
        line_with(socket, "10.0.0.2")
    assert [answer.json() for answer in answers] == [f"hello /{number}" for number in range(4)]
    for answer in answers:
        (call,) = calls(member, answer.headers["x-wt-invocation"])
        assert (call["host"], call["port"], call["verdict"]) == ("127.0.0.1", port, "allowed")
        assert call["sent"] > 0 < call["received"]


def test_an_allow_list_holds_from_the_moment_it_is_set(outside, caller):
    _, member, port = outside
    url = f"http://127.0.0.1:{port}/x"
    set_to = member.api("PUT", "/caller/egress/rules", json={"rules": ["api.example.com:443"]})
    assert set_to.status_code == 200, set_to.text
    with watch(member, "webtask:acme/caller") as socket:
        httpx.get(caller, params={"url": url})
        line_with(socket, "not on the allow-list of this webtask")
    for rules in ([f"127.0.0.1:{port}"], None):
        assert member.api("PUT", "/caller/egress/rules", json={"rules": rules}).status_code == 200
        assert httpx.get(caller, params={"url": url}).json() == "hello /x"
