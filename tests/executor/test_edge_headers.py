"""What is worked out once and kept is the same the second time, and for nobody else's place."""

import pytest

from executor.edge.credentials import shown
from executor.edge.headers import BadHeader, answer_fields, guest_headers
from executor.edge.request import Request
from executor.pool.heads import read_head
from executor.router import Unroutable, locate
from executor.visitors import Shown


def request(*headers):
    return Request("GET", "/", "1.1", list(headers), "127.0.0.1", "http", True, False)


COOKIE = ("Set-Cookie", "a=b; Domain=localhost; Path=/")


@pytest.mark.parametrize("_time", range(2))
def test_each_host_gets_its_own_lines(_time):
    there = answer_fields(COOKIE, on_console_host=False)
    here = answer_fields(COOKIE, on_console_host=True)
    assert there.lines == "Set-Cookie: a=b; Path=/\r\n"
    assert "Set-Cookie" not in here.lines
    assert "content-security-policy: sandbox" in here.lines


@pytest.mark.parametrize(
    "name", ["webtasks_session", "Webtasks_pass", "__Host-webtasks_session", "__host-WEBTASKS_x"]
)
def test_our_cookies_are_neither_given_nor_told_by_webtasks(name):
    assert answer_fields(("Set-Cookie", f"{name}=x"), on_console_host=False).lines == ""
    asked = request((b"cookie", f"mine=1; {name}=x; __Host-mine=2".encode()))
    told = guest_headers(asked, on_console_host=False, credential=False)
    assert told[told.index("cookie") + 1] == "mine=1; __Host-mine=2"


@pytest.mark.parametrize(("secure", "found"), [(True, "own"), (False, "planted")])
def test_over_https_a_session_has_the_name_that_other_hosts_cannot_plant(secure, found):
    target = locate("localhost", "/api/run/acme/hello", domain="example.net", console="localhost")
    assert target
    asked = request((b"cookie", b"webtasks_session=planted; __Host-webtasks_session=own"))
    assert shown(asked, target, secure=secure) == Shown("session", found)


@pytest.mark.parametrize("_time", range(2))
@pytest.mark.parametrize("size", [10, 10_000])
def test_a_split_response_is_refused_every_time(_time, size):
    with pytest.raises(BadHeader):
        answer_fields(("x", "y\r\n" + "z" * size), on_console_host=False)


@pytest.mark.parametrize(
    ("values", "length", "sent"),
    [
        (["7"], 7, ["7"]),
        (["nonsense", "7", "8"], 7, ["7"]),
        (["-1"], None, []),
        (["9" * 5000], int("9" * 20), ["9" * 5000]),
    ],
)
def test_the_first_length_that_is_a_number_counts(values, length, sent):
    flat = [part for value in values for part in ("Content-Length", value)]
    fields = answer_fields(flat, on_console_host=False)
    assert fields.length == length
    assert fields.lines == "".join(f"Content-Length: {value}\r\n" for value in sent)


@pytest.mark.parametrize("_time", range(2))
@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b'[99, "", [], "webtask"]', "status 99"),
        (b'[200, "", ["a"], "webtask"]', "flat list"),
        (b'[200, "", [], "us"]', "source"),
        (b"\xff", "HEAD is not"),
    ],
)
def test_a_bad_head_is_refused_every_time(_time, bad, why):
    assert read_head(b'[200, "", ["a", "b"], "webtask"]') == (200, "", ("a", "b"), "webtask")
    with pytest.raises(ValueError, match=why):
        read_head(bad)


@pytest.mark.parametrize("_time", range(2))
def test_places_are_found_again(_time):
    target = locate("acme.localhost:8000", "/hello/x", domain="localhost")
    assert target is not None
    assert (target.team, target.webtask, target.rest) == ("acme", "hello", "/x")
    # Of another domain it may be a webtask's own.
    other = locate("acme.localhost:8000", "/hello/x", domain="example.com")
    assert other is not None
    assert (other.team, other.webtask, other.host) == ("hello", "x", "acme.localhost")
    with pytest.raises(Unroutable):
        locate("localhost", "/internal/leave", domain="localhost")


def test_of_a_header_sent_twice_the_first_counts():
    request = Request.unreadable()
    request.headers.extend([(b"Content-Length", b"3"), (b"content-length", b"0")])
    request.__post_init__()
    assert request.header(b"content-length") == "3"
    assert request.has_body
