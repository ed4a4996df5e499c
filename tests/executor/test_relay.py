"""The console through the public port: whole requests and whole answers, however they are cut on the way."""

import json
import re
import socket

import httpx
import pytest

from tests.stack import ROOT


def test_a_body_that_comes_in_pieces_reaches_the_console_whole(stack, owner):
    """Every cut between head and body, with the pieces sent as the network might deliver them."""
    owner.publish("pieces", "module.exports = cb => cb()")
    body = json.dumps({"method": "GET", "path": "", "headers": [], "body": ""}).encode()
    cookies = "; ".join(f"{name}={value}" for name, value in owner.http.cookies.items())
    head = (
        "POST /api/teams/acme/webtasks/pieces/run HTTP/1.1\r\n"
        f"Host: localhost:{stack.port}\r\nOrigin: {stack.url}\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {owner.http.cookies['webtasks_csrf']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    for cut in (0, 1, len(body) // 2, len(body)):
        with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in (head, body[:cut], body[cut:]):
                connection.sendall(piece)
            answer = b""
            while data := connection.recv(65536):
                answer += data
        assert answer.startswith(b"HTTP/1.1 200 "), answer


def test_a_large_file_arrives_whole_however_slowly_it_is_read(stack):
    """The relay must hold the console back for a slow reader, and lose nothing."""
    files = (ROOT / "console" / "static" / "dist").rglob("*.js")
    largest = max(files, key=lambda file: file.stat().st_size)
    url = f"{stack.url}/static/{largest.relative_to(ROOT / 'console' / 'static')}"
    got = bytearray()
    with httpx.stream("GET", url, headers={"accept-encoding": "identity"}) as answer:
        for piece in answer.iter_raw(4096):
            got += piece
    assert bytes(got) == largest.read_bytes()


def test_head_and_not_modified_have_no_body(stack):
    assert httpx.head(f"{stack.url}/signin").content == b""
    script = re.search(r'<script[^>]+src="([^"]+)"', httpx.get(f"{stack.url}/signin").text)
    assert script
    first = httpx.get(stack.url + script.group(1))
    again = httpx.get(
        stack.url + script.group(1), headers={"if-modified-since": first.headers["last-modified"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/nowhere", "/t/nosuchteam", "/api/teams/acme/webtasks"])
def test_the_consoles_own_errors_pass_through(stack, path):
    assert httpx.get(stack.url + path).status_code in (302, 401, 403, 404)


def test_an_answer_that_does_not_wait_for_the_body_arrives(stack):
    """A stranger is refused at the head; that the rest is still on its way must not cost them the reason."""
    body = b"x" * 60_000
    head = (
        "PUT /api/teams/acme/webtasks/hello/draft HTTP/1.1\r\n"
        f"Host: localhost:{stack.port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    for _ in range(100):
        with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in (head, body[:100], body[100:30_000], body[30_000:]):
                connection.sendall(piece)
            answer = connection.recv(65536)
        assert answer.startswith((b"HTTP/1.1 401 ", b"HTTP/1.1 403 ")), answer
