"""Code by URL: what is fetched, from where it may come, and how much of it."""

import asyncio
import contextlib
from ipaddress import ip_network

import pytest

from executor.egress.addresses import parse
from executor.egress.resolver import NoSuchName
from executor.fetch import Call, Fetcher, Unfetchable

LOOPBACK = (ip_network("127.0.0.1/32"),)
MOST = 1000


class Names:
    """A resolver whose owner may be hostile."""

    KNOWN = {"code.example": "127.0.0.1", "inside.example": "10.0.0.1", "meta.example": "169.254.169.254"}

    async def look_up(self, host):
        if host not in self.KNOWN:
            raise NoSuchName(host)
        return (parse(self.KNOWN[host]),)

    async def ask(self, question):
        raise NotImplementedError


def answer(body=b"code", head=b"", status=b"200 OK"):
    return b"HTTP/1.1 %b\r\n%b\r\n%b" % (status, head, body)


def length(body):
    return answer(body, b"Content-Length: %d\r\n" % len(body))


def moved(where, status=b"302 Found"):
    return answer(b"", b"Location: %b\r\nContent-Length: 0\r\n" % where, status)


PAGES = {
    "/plain": length(b"code"),
    "/open": answer(),
    "/chunked": answer(b"2\r\nco\r\n2\r\nde\r\n0\r\n\r\n", b"Transfer-Encoding: chunked\r\n"),
    "/hints": b"HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n" + length(b"code"),
    "/moved?x=1": moved(b"/plain"),
    "/full": length(b"x" * MOST),
    "/%C3%A9": length(b"code"),
    "/inside": moved(b"http://inside.example/"),
    "/meta": moved(b"http://meta.example/latest", b"307 Temporary Redirect"),
    "/file": moved(b"file:///etc/passwd"),
    "/circle": moved(b"/circle"),
    "/lost": moved(b"", b"404 Not Found"),
    "/large": length(b"x" * (MOST + 1)),
    "/endless": answer(b"", b"X: " + b"y" * 200_000 + b"\r\n"),
    "/half": answer(b"co", b"Content-Length: 4\r\n"),
    "/bytes": length(b"\xff\xfe"),
    "/nonsense": b"SSH-2.0-hello\r\n",
}


async def serve(reader, writer):
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        head = await reader.readuntil(b"\n")  # a TLS client's first words may hold none
        if head.startswith(b"GET "):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(PAGES[head.split()[1].decode()])
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def fetch(background, url, **change):
    """The text, and the calls it took."""
    calls: list[Call] = []

    async def story():
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            fetcher = Fetcher(**{"private": LOOPBACK, "resolver": Names(), **change})
            return await fetcher.text(url.replace("PORT", str(port)), most=MOST, note=calls.append)

    return background.run(story()), calls


@pytest.mark.parametrize("path", ["/plain", "/open", "/chunked", "/hints", "/moved?x=1", "/é"])
def test_however_it_comes_it_is_the_code(background, path):
    text, calls = fetch(background, f"http://code.example:PORT{path}")
    assert text == "code"
    last = calls[-1]
    assert (last.host, last.address, last.verdict) == ("code.example", "127.0.0.1", "allowed")
    assert last.received
    assert last.sent


def test_as_much_as_allowed_is_taken(background):
    assert len(fetch(background, "http://127.0.0.1:PORT/full")[0]) == MOST


REFUSED = {
    "http://code.example:PORT/inside": (400, "private address"),
    "http://code.example:PORT/meta": (400, "metadata address"),
    "http://code.example:PORT/file": (400, "must begin with http"),
    "http://code.example:PORT/circle": (502, "redirects more than 5 times"),
    "http://code.example:PORT/lost": (502, "its server answered 404"),
    "http://code.example:PORT/large": (400, "larger than the limit of 1,000 bytes"),
    "http://code.example:PORT/endless": (400, "larger than the limit of 1,000 bytes"),
    "http://code.example:PORT/half": (502, "closed before it was whole"),
    "http://code.example:PORT/bytes": (400, "not UTF-8"),
    "http://code.example:PORT/nonsense": (502, "expected http/"),
    "http://127.0.0.2:PORT/plain": (400, "loopback address"),
    "http://[::1]:PORT/plain": (400, "loopback address"),
    "http://[::ffff:10.0.0.1]/": (400, "private address"),
    "http://0x7f.1:PORT/plain": (400, "names no host"),
    "http://2130706433:PORT/plain": (400, "names no host"),
    "http://nowhere.example/": (502, "no such name"),
    "http://meta.example/": (400, "metadata address"),
    "http://user:word@code.example/": (400, "no user and password"),
    "ftp://code.example/": (400, "must begin with http"),
    "webtask://localhost/x": (400, "must begin with http"),
    "http://code.example:99999/": (400, "makes no sense"),
    "http:///x": (400, "names no host"),
    "https://code.example:PORT/plain": (502, "cannot be fetched"),
}


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_not_to_be_had_is_refused_with_its_reason(background, url):
    status, reason = REFUSED[url]
    with pytest.raises(Unfetchable) as refused:
        fetch(background, url)
    assert refused.value.status == status
    assert reason.lower() in str(refused.value).lower()


def test_a_node_without_a_network_fetches_nothing(background):
    with pytest.raises(Unfetchable, match="no network"):
        fetch(background, "http://code.example:PORT/plain", closed=True)
