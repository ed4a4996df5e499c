"""From many requests on the public port to the page that tells how many were counted only."""

import json
import socket

from tests.stack import Member, Stack
from tests.tail import watch

REQUESTS = 1000


def pipeline(stack: Stack, path: str) -> bytes:
    """Many requests in one go, the last of which closes the connection: as fast as the executor answers."""
    request = f"GET {path} HTTP/1.1\r\nhost: localhost:{stack.port}\r\n"
    with socket.create_connection(("127.0.0.1", stack.port), timeout=60) as client:
        client.sendall(
            f"{request}\r\n".encode() * (REQUESTS - 1) + f"{request}connection: close\r\n\r\n".encode()
        )
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_a_crowd_of_requests_is_counted_to_the_last_and_kept_in_part(stack: Stack, owner: Member):
    owner.publish("crowded", "module.exports = cb => cb(null, 'hi')")
    with watch(owner, "webtask:acme/crowded") as page:
        assert pipeline(stack, "/api/run/acme/crowded").count(b"HTTP/1.1 200 ") == REQUESTS
        whole = thinned = 0
        while whole + thinned < REQUESTS:
            message = json.loads(page.recv(timeout=60))
            whole += len(message.get("invocations", ()))
            thinned += sum(tally["thinned"] for tally in message.get("tallies", ()))
    assert whole + thinned == REQUESTS
    assert thinned > 0
    total = owner.api("GET", "/crowded/metrics").json()["total"]
    assert (total["requests"], total["statuses"], total["error_share"]) == (REQUESTS, {"2xx": REQUESTS}, 0.0)
    assert 0 < total["p50_ms"] <= total["p99_ms"] <= total["max_ms"]
