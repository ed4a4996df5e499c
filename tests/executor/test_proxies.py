"""Whom a node takes a request for: what a trusted proxy says counts, what a stranger says does not."""

from ipaddress import ip_network

import httpx
import pytest

from executor.edge.proxies import Proxies
from executor.edge.request import Request

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
CASES = [
    # peer, X-Forwarded-For, X-Forwarded-Proto, who asks, how
    ("10.0.0.1", "203.0.113.7", "https", "203.0.113.7", "https"),
    ("10.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.2", None, "203.0.113.7", "http"),
    ("10.0.0.1", "10.0.0.3, 10.0.0.2", None, "10.0.0.3", "http"),
    ("10.0.0.1", "203.0.113.7:5555", "http, https", "203.0.113.7", "https"),
    ("fd00::1", "[2001:4860::8888]:443", None, "2001:4860::8888", "http"),
    ("10.0.0.1", "1.1.1.1, nonsense", "gopher", "10.0.0.1", "http"),
    ("10.0.0.1", None, None, "10.0.0.1", "http"),
    ("203.0.113.9", "1.1.1.1", "https", "203.0.113.9", "http"),
    ("::ffff:10.0.0.1", "203.0.113.7", None, "203.0.113.7", "http"),
    ("", "203.0.113.7", "https", "", "http"),
]


@pytest.mark.parametrize(("peer", "forwarded", "proto", "client", "scheme"), CASES)
def test_only_trusted_proxies_are_believed(peer, forwarded, proto, client, scheme):
    said = {b"X-Forwarded-For": forwarded, b"X-Forwarded-Proto": proto}
    request = Request(
        method="GET",
        url="/",
        http="1.1",
        headers=[(name, value.encode()) for name, value in said.items() if value is not None],
        client=peer,
        scheme="http",
        keep_alive=True,
        expects_continue=False,
    )
    Proxies(TRUSTED).introduce(request)
    assert (request.client, request.scheme) == (client, scheme)


def test_a_line_that_a_proxy_adds_counts_before_the_clients_own():
    lines = [(b"X-Forwarded-For", b"6.6.6.6"), (b"x-forwarded-for", b"203.0.113.9")]
    request = Request(
        method="GET",
        url="/",
        http="1.1",
        headers=lines,
        client="10.0.0.1",
        scheme="http",
        keep_alive=True,
        expects_continue=False,
    )
    Proxies(TRUSTED).introduce(request)
    assert request.client == "203.0.113.9"


def test_without_a_setting_nobody_is_believed(stack):
    code = "module.exports = (ctx, req, res) => res.end(req.headers['x-forwarded-for'])"
    headers = {"authorization": f"Bearer {stack.token}", "x-forwarded-for": "203.0.113.7"}
    assert httpx.post(f"{stack.url}/api/run/acme", content=code, headers=headers).text == "127.0.0.1"
