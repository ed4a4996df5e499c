"""What a URL names: pure, so a table says it all."""

import pytest

from executor.router import DOMAIN_FORMAT, HOST_FORMAT, PATH_FORMAT, Target, Unroutable, locate

ROUTES = {
    ("localhost:8000", "/"): None,
    ("localhost:8000", "/t/acme/hello"): None,
    ("localhost:8000", "/api/teams/acme/webtasks"): None,
    ("localhost:8000", "/api/runner"): None,
    ("localhost:8000", "/api/run/acme"): Target("acme", None, "", PATH_FORMAT),
    ("localhost:8000", "/api/run/acme/"): Target("acme", None, "", PATH_FORMAT),
    ("localhost:8000", "/api/run/acme/hello"): Target("acme", "hello", "", PATH_FORMAT),
    ("localhost:8000", "/api/run/acme/hello/"): Target("acme", "hello", "/", PATH_FORMAT),
    ("LOCALHOST", "/api/run/acme/he%6Clo/a%2Fb//c"): Target("acme", "hello", "/a%2Fb//c", PATH_FORMAT),
    ("acme.localhost:8000", "/hello"): Target("acme", "hello", "", HOST_FORMAT),
    ("ACME.localhost", "/hello/x"): Target("acme", "hello", "/x", HOST_FORMAT),
    ("acme.localhost", "/api/run/x"): Target("acme", "api", "/run/x", HOST_FORMAT),
    ("[::1]:8000", "/"): None,
    ("", "/"): None,
}


@pytest.mark.parametrize(("host", "path"), ROUTES)
def test_a_url_names_its_webtask(host, path):
    assert locate(host, path, domain="localhost") == ROUTES[host, path]


DOMAINS = {
    ("tasks.example.com", "/acme/hello"): Target("acme", "hello", "", DOMAIN_FORMAT, "tasks.example.com"),
    ("Tasks.Example.com:8443", "/acme/hello/x"): Target(
        "acme", "hello", "/x", DOMAIN_FORMAT, "tasks.example.com"
    ),
    ("tasks.example.com", "/api/run/acme/hello"): Target("acme", "hello", "", PATH_FORMAT),
    ("tasks.example.com", "/acme"): None,
    ("tasks.example.com", "/Acme!/hello"): None,
    ("console.example.com", "/acme/hello"): None,
    ("127.0.0.1:8000", "/acme/hello"): None,
    ("[::1]:8000", "/acme/hello"): None,
    ("localhost", "/acme/hello"): None,
}


@pytest.mark.parametrize(("host", "path"), DOMAINS)
def test_a_custom_domain_names_team_and_webtask(host, path):
    assert locate(host, path, domain="localhost", console="console.example.com") == DOMAINS[host, path]


UNROUTABLE = [
    ("acme.localhost", "/"),
    ("acme.localhost", "//"),
    ("a.b.localhost", "/hello"),
    ("-a.localhost", "/hello"),
    ("localhost", "/api/run//hello"),
    ("localhost", "/api/run/acme/.."),
    ("localhost", "/api/run/acme/%2e%2e"),
    ("localhost", "/api/run/acme/a%00b"),
    ("localhost", "/api/run/acme/" + "x" * 65),
    ("localhost", "/api/run/Acme!/hello"),
    ("localhost", "/internal/link"),
    ("localhost", "/%69nternal/link"),
    ("localhost", "/internal%2Flink"),
    ("localhost", "*"),
    ("localhost", "http://elsewhere/"),
]


@pytest.mark.parametrize(("host", "path"), UNROUTABLE)
def test_what_names_nothing_is_refused_and_never_passed_on(host, path):
    with pytest.raises(Unroutable):
        locate(host, path, domain="localhost")


@pytest.mark.parametrize(
    ("host", "path", "team", "webtask", "own"),
    [
        ("acme.localhost", "/@enter/hello", "acme", "hello", ""),
        ("acme.localhost:8000", "/@enter/hello/x", "acme", "hello", ""),
        ("tasks.example.com", "/@enter/acme/hello", "acme", "hello", "tasks.example.com"),
    ],
)
def test_the_way_back_to_what_is_private(host, path, team, webtask, own):
    found = locate(host, path, domain="localhost", console="localhost")
    assert found
    assert (found.team, found.webtask, found.host, found.entrance) == (team, webtask, own, True)


@pytest.mark.parametrize("path", ["/@enter", "/@enterx/y", "/x/@enter/hello", "/%40enter/hello"])
def test_what_only_looks_like_it(path):
    found = locate("acme.localhost", path, domain="localhost")
    assert found
    assert not found.entrance
