"""A webtask's calls to the outside, through the whole product."""

import contextlib
import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.stack import Member, Stack, free_port


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


def test_a_webtask_calls_a_server_by_name(outside):
    stack, _, port = outside
    code = f"module.exports = (ctx, cb) => fetch('http://localhost:{port}/x').then((r) => r.text()).then((t) => cb(null, t), cb)"
    assert stack.adhoc(code).json() == "hello /x"
