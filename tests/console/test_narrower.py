"""Whatever a child's holder may ask, its parent's holder may: over HTTP, for terms of every kind and their mixtures."""

import time
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from console.accounts.actions import issue_token, revoke_token
from console.accounts.audit import SYSTEM
from console.accounts.models import Token
from console.accounts.roles import Action
from console.api import rates
from tests.console.client import Webtasks

TEAM = "/api/teams/acme"
ASKED = [
    ("get", f"{TEAM}/webtasks/hello"),
    ("get", f"{TEAM}/webtasks/other"),
    ("get", f"{TEAM}/webtasks/hello/logs"),
    ("get", f"{TEAM}/limits"),
    ("get", f"{TEAM}/audit"),
    ("patch", f"{TEAM}/limits"),
    ("patch", f"{TEAM}/webtasks/hello/secrets"),
    ("head", f"{TEAM}/webtasks/hello"),
]
PROTOCOL = [
    ("get", "/api/webtask/acme/hello"),
    ("get", "/api/webtask/acme/other"),
    ("get", "/api/webtask/acme"),
    ("get", "/api/webtask/acme/hello/data"),
    ("put", "/api/webtask/acme/hello/data"),
    ("get", "/api/webtask/chaos"),
]
SCOPES = ["webtask.view", "webtask.code", "webtask.logs", "secret.write", "storage.read", "storage.write",
          "team.view", "team.limit", "team.audit", "token.own", "token.issue"]  # fmt: skip


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, unique=True)


TERMS: dict[str, st.SearchStrategy[Any]] = {
    "scopes": some(SCOPES[:4]).map(lambda scopes: sorted({*scopes, "token.own"})),
    "webtasks": some(["hello", "other"]),
    "methods": some(["GET", "HEAD", "PATCH"]).map(lambda methods: sorted({*methods, "POST"})),
    "rates": st.dictionaries(st.sampled_from(["minute", "hour"]), st.integers(1, 60), min_size=1),
    "expires_at": st.integers(2030, 2040).map(lambda year: f"{year}-01-01T00:00:00Z"),
}


def wishes(term: str) -> st.SearchStrategy[Any]:
    """Each a tug at this term, and at another or none: at random all over, hardly any two would fit."""
    others: list[st.SearchStrategy[Any]] = [st.fixed_dictionaries({name: TERMS[name]}) for name in TERMS]
    return st.tuples(st.one_of(st.just({}), *others), TERMS[term]).map(lambda two: {**two[0], term: two[1]})


# What fails is long as it is found: each step of making it shorter would be a dozen requests.
often = settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def other(alice, hello):
    made = alice.post("", {"name": "other"})
    assert made.status_code == 201


def passes(secret: str, method: str, path: str) -> bool:
    """Whether it is let in. How often it was is forgotten: each is asked as the first."""
    rates._counts.clear()
    client = Client(headers={"authorization": f"Bearer {secret}"})
    body: Any = {"limits": {}} if path.endswith("limits") else {"secrets": {"K": "x"}, "data": "1"}
    send = getattr(client, method)
    answer = send(path) if method in ("get", "head") else send(path, body, content_type="application/json")
    return answer.status_code not in (401, 403, 404, 405)


def issued(bearer: str, wish: dict[str, Any]) -> str | None:
    rates._counts.clear()
    client = Client(headers={"authorization": f"Bearer {bearer}"})
    answer = client.post(f"{TEAM}/tokens", {"name": "child", **wish}, content_type="application/json")
    return answer.json()["secret"] if answer.status_code == 201 else None


@pytest.mark.parametrize("term", TERMS)
@often
@given(data=st.data())
def test_what_an_api_token_may_its_issuer_may(alice, other, term, data):
    chain = data.draw(st.lists(wishes(term), min_size=2, max_size=3))
    first = alice.client.post(
        f"{TEAM}/tokens", {"name": "first", **chain[0], "depth": 4}, content_type="application/json"
    )
    held = first.json()["secret"]
    for depth, wish in zip((3, 2), chain[1:], strict=False):
        child = issued(held, {**wish, "depth": depth})
        if child is None:
            continue
        for method, path in ASKED:
            assert not passes(child, method, path) or passes(held, method, path), (method, path)
        rows = Token.objects.order_by("-created_at")
        narrower, wider = rows[0], rows.get(jti=rows[0].parent_id)
        assert all(narrower.terms.rates[period] <= most for period, most in wider.terms.rates.items())
        ends = narrower.expires_at
        assert wider.expires_at is None or (ends and ends <= wider.expires_at)
        held = child


claims = st.fixed_dictionaries(
    {},
    optional={
        "ten": st.sampled_from(["acme", "chaos", "acme,chaos", "/./"]),
        "jtnm": some(["hello", "other"]),
        "dd": st.integers(0, 3),
        "exp": st.integers(1, 3).map(lambda hours: int(time.time()) + 3600 * hours),
        "ltm": st.integers(1, 50),
        "lm": st.integers(1, 50),
    },
)


@settings(often, max_examples=30)
@given(st.data(), st.lists(claims, min_size=1, max_size=3))
def test_what_a_webtask_token_may_its_issuer_may(people, other, data, chain):
    scopes = data.draw(st.none() | some(SCOPES))
    methods = data.draw(st.none() | st.just(["GET", "POST"]))
    first = issue_token(people.team, "first", actor=SYSTEM, dd=4)
    Token.objects.filter(pk=first.pk).update(scopes=scopes, methods=methods)
    held = Webtasks.of(None)
    held.token = _signed(first)
    for wish in chain:
        answer = held.issue(**wish)
        if answer.status_code != 200:
            continue
        child = answer.content.decode()
        for method, path in PROTOCOL:
            assert not passes(child, method, path) or passes(held.token, method, path), (method, path)
        held = Webtasks(child)


def _signed(token: Token) -> str:
    from console.accounts.tokens import sign

    return sign(token.claims)


def test_the_count_of_those_that_descend_is_of_those_in_force(alice, other):
    from console.accounts.access import descendants

    secret = alice.client.post(
        f"{TEAM}/tokens", {"name": "first", "depth": 4}, content_type="application/json"
    ).json()["secret"]
    children = [issued(secret, {"depth": 2, "scopes": [Action.OWN_TOKEN.value]}) for _ in range(2)]
    assert children[0]
    assert issued(children[0], {"depth": 0})
    first = Token.objects.get(name="first")
    assert descendants(first) == 3
    middle = Token.objects.filter(parent=first, children__isnull=False).get()
    revoke_token(middle.jti, actor=SYSTEM)
    # With it went the one that it issued.
    assert descendants(first) == 1
