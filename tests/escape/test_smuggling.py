"""Bytes that mean one request to us and two to somebody else; answers that would become two."""

import json
import socket
import struct

import httpx
import pytest

from executor.pool import frames

HIDDEN = b"GET /api/run/acme/counter HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/run/acme/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
# Each carries the hidden request where a reader that counts otherwise would find it.
AMBIGUOUS = {
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a list of lengths": POST + b"Content-Length: 0, %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a length and chunks": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + HIDDEN,
    "chunks and a length": POST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
    + HIDDEN,
    "chunks twice": POST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
    + HIDDEN,
    "nearly chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunked of another kind": POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a space before the colon": POST + b"Content-Length : %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a folded length": POST
    + b"X: y\r\n Content-Length: 4\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN)
    + HIDDEN,
    "a signed length": POST + b"Content-Length: +%d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a length in hex": POST + b"Content-Length: 0x%x\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "an endless length": POST + b"Content-Length: 18446744073709551616\r\n\r\n" + HIDDEN,
    "a negative chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + HIDDEN,
    "a chunk too large": POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" + HIDDEN,
    "a nul in a name": POST + b"Content-Length\0: 0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
}


@pytest.fixture(scope="module")
def counter(stack, owner):
    """How often it was called, this call included."""
    owner.publish("echo", "module.exports = (ctx, req, res) => { req.pipe(res); }")
    owner.publish("counter", "let calls = 0; module.exports = cb => cb(null, calls += 1);")

    def count() -> int:
        return int(httpx.get(f"{stack.url}/api/run/acme/counter", timeout=60).text)

    return count


def exchange(stack, request: bytes) -> bytes:
    """All that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        while data := connection.recv(65536):
            answer += data
        return answer


@pytest.mark.parametrize("how", AMBIGUOUS)
def test_an_ambiguous_request_is_one_request_or_none(stack, counter, how):
    before = counter()
    answer = exchange(stack, AMBIGUOUS[how])
    assert answer.count(b"HTTP/1.1 ") <= 1, answer
    assert counter() == before + 1


def test_a_request_in_a_body_stays_a_body(stack, counter):
    before = counter()
    body = HIDDEN * 3
    answer = exchange(stack, POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert answer.count(b"HTTP/1.1 200 ") == 1
    assert answer.count(HIDDEN.strip()) == 3
    assert counter() == before + 1


def test_frames_in_a_body_stay_a_body(stack, counter):
    """What a client sends reaches the worker inside BODY frames, whatever it looks like."""
    head = json.dumps(
        {"deployment": 1, "id": "1.1", "method": "GET", "url": "/forged", "headers": []}
    ).encode()
    body = b"".join(
        [
            frames.encode(frames.REQUEST, 77, head),
            frames.encode(frames.END, 1),
            struct.pack(">IBI", 0x7FFF_FFFF, frames.LOAD, 1),
            frames.encode(frames.LOAD, 9, b"{}"),
        ]
    )
    assert httpx.post(f"{stack.url}/api/run/acme/echo", content=body * 500, timeout=60).content == body * 500


@pytest.mark.parametrize(
    "url", ["/x%0d%0aHost:%20evil", "/x%00", "/%2e%2e/%2e%2e/signin", "/..%5c..%5cx", "//evil/x"]
)
def test_a_url_stays_beneath_its_webtask(stack, owner, url):
    owner.publish("mirror-url", "module.exports = (ctx, req, res) => res.end(req.url)")
    answer = exchange(
        stack,
        f"GET /api/run/acme/mirror-url{url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode(),
    )
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    assert answer.endswith(f"/api/run/acme/mirror-url{url}".encode())


FORGE = """
const fs = require('fs');
const frame = (kind, payload) => {
  const body = Buffer.from(payload), head = Buffer.alloc(9);
  head.writeUInt32BE(body.length + 5, 0); head[4] = kind; head.writeUInt32BE(STREAM, 5);
  return Buffer.concat([head, body]);
};
module.exports = cb => fs.writeSync(3, Buffer.concat([%s]));
"""
SPLIT = "HTTP/1.1 200 OK\\\\r\\\\nContent-Length: 6\\\\r\\\\n\\\\r\\\\nforged"
ANSWERS = {
    "a reason": f"frame(4, '[200,\"OK\\\\r\\\\nSet-Cookie: a=1\\\\r\\\\n\\\\r\\\\n{SPLIT}\",[],\"webtask\"]'), frame(6, '')",
    "a trailer": 'frame(4, \'[200,"",["Trailer","X"],"webtask"]\'), frame(6, \'["X","y\\\\r\\\\nSet-Cookie: a=1"]\')',
    "a length of its own": "frame(4, '[200,\"\",[\"Content-Length\",\"2\"],\"webtask\"]'), frame(5, 'ok' + 'HTTP/1.1 200 OK\\r\\n\\r\\nforged'), frame(6, '')",
    "two lengths": 'frame(4, \'[200,"",["Content-Length","2","content-length","40"],"webtask"]\'), frame(5, \'ok\'), frame(6, \'\')',
    "chunks of its own": 'frame(4, \'[200,"",["Transfer-Encoding","chunked"],"webtask"]\'), frame(5, \'0\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\n\\r\\nforged\'), frame(6, \'\')',
    "a body where there is none": "frame(4, '[204,\"\",[],\"webtask\"]'), frame(5, 'HTTP/1.1 200 OK\\r\\n\\r\\nforged'), frame(6, '')",
    "an upgrade": 'frame(4, \'[101,"",["Upgrade","websocket"],"webtask"]\'), frame(5, \'HTTP/1.1 200 OK\\r\\n\\r\\nforged\')',
    "deep brackets": "frame(4, '['.repeat(100000))",
    "a shapeless end": "frame(4, '[200,\"\",[],\"webtask\"]'), frame(6, '{}')",
    "deep brackets at the end": "frame(4, '[200,\"\",[],\"webtask\"]'), frame(6, '['.repeat(100000))",
}


@pytest.mark.parametrize("how", ANSWERS)
def test_a_forged_answer_is_one_answer(stack, owner, counter, how):
    """On a kept connection: what follows a forged answer must be ours, not the forger's."""
    owner.publish("forge-answer", (FORGE % ANSWERS[how]).replace("STREAM", "1"))
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(b"GET /api/run/acme/forge-answer HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.sendall(
            b"GET /api/run/acme/counter HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        answer = b""
        while data := connection.recv(65536):
            answer += data
    answers = answers_in(answer)
    assert len(answers) in {1, 2}, answer
    assert all(b"set-cookie" not in head.lower() for head, _ in answers)
    if len(answers) == 2:
        assert answers[1][1].strip().isdigit(), answer


def answers_in(wire: bytes) -> list[tuple[bytes, bytes]]:
    """Head and body of each answer as a strict client reads them; what is cut off is an answer without an end."""
    found: list[tuple[bytes, bytes]] = []
    while wire:
        head, _, wire = wire.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 "), wire
        body = b""
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        status = int(head.split()[1])
        if b"transfer-encoding" in lines:
            while size := int(wire.partition(b"\r\n")[0] or b"0", 16):
                wire = wire.partition(b"\r\n")[2]
                body, wire = body + wire[:size], wire[size + 2 :]
            wire = wire.partition(b"\r\n\r\n")[2]
        elif status not in {204, 304}:
            length = int(lines[b"content-length"])
            body, wire = wire[:length], wire[length:]
        found.append((head, body))
    return found
