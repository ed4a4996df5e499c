"""Where a request for a name that a team had is told to go: nothing that it says itself becomes another address."""

import pytest

from executor.edge.moved import is_redirected, location
from executor.edge.request import Request
from executor.router import locate


def asked(url: str, host: str = "localhost", *, method: str = "GET", **headers: str) -> Request:
    pairs = [(b"host", host.encode()), *((name.encode(), value.encode()) for name, value in headers.items())]
    return Request(
        method=method,
        url=url,
        http="1.1",
        headers=pairs,
        client="",
        scheme="http",
        keep_alive=True,
        expects_continue=False,
    )


def told(url: str, host: str = "localhost") -> str:
    request = asked(url, host)
    target = locate(request.host, request.path, domain="localhost", console="localhost")
    assert target
    return location(request, target, "new")


@pytest.mark.parametrize(
    ("url", "host", "there"),
    [
        ("/api/run/old/hello", "localhost:8000", "/api/run/new/hello"),
        ("/api/run/old/hello/old?old=old", "localhost", "/api/run/new/hello/old?old=old"),
        ("/api/run/%6fld/hello?x", "localhost", "/api/run/new/hello?x"),
        ("/old/hello/x", "shop.example.com", "/new/hello/x"),
        ("/hello/%2F..?a=%00", "old.localhost:8000", "//new.localhost:8000/hello/%2F..?a=%00"),
        ("/hello", "OLD.localhost", "//new.localhost/hello"),
        ("/hello", "old.localhost:80@evil.example", "//new.localhost/hello"),
        ("/hello//evil.example", "old.localhost", "//new.localhost/hello//evil.example"),
        ("/hello/\xe9", "old.localhost", "//new.localhost/hello/%E9"),
    ],
)
def test_it_is_where_the_team_is_now(url, host, there):
    assert told(url, host) == there


def test_whoever_cannot_follow_is_not_sent():
    assert is_redirected(asked("/"))
    assert is_redirected(asked("/", method="HEAD"))
    for method in ("POST", "PUT", "OPTIONS", "DELETE"):
        assert not is_redirected(asked("/", method=method))
    for header in ("authorization", "origin", "webtask-delivery"):
        assert not is_redirected(asked("/", **{header: "x"}))
