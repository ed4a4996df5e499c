"""Everybody shows what they have to every endpoint of the published clients, and fares as the one table says."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from console.accounts import tokens
from console.accounts.audit import SYSTEM
from console.accounts.needs import Beyond
from console.accounts.roles import Action
from console.schedules.actions import Plan, create_schedule
from console.ways import plain, ways
from console.webtasks.models import Webtask
from tests.console.walk.bearers import IN, REFUSED, Bearer, bearers, expected, scoped
from tests.console.walk.cast import cast
from tests.console.walk.walk import FAILED, FORBIDDEN, Row, row, undone

CODE = "module.exports = cb => cb(null, 1)"
JOB = {"schedule": "0 5 * * *"}
# Method and path below /api/, what it needs, a body that would be accepted, and what else is asked for before.
# {hello} is the token of acme/hello, {own} and {jti} that which is shown.
ENDPOINTS: list[tuple[Any, ...]] = [
    ("get", "description", Beyond.ANYONE),
    ("get", "webtask", Beyond.ADMINISTRATOR),
    ("get", "webtask/acme", Action.VIEW),
    ("get", "webtask/acme?fetch_code=1", Action.CODE, None, Action.VIEW),
    ("get", "webtask/acme/hello", Action.VIEW),
    ("get", "webtask/acme/hello?fetch_code=1", Action.CODE, None, Action.VIEW),
    ("get", "webtask/acme/hello?decrypt=1", Action.PUBLISH, None, Action.VIEW),
    ("put", "webtask/acme/hello", Action.PUBLISH, {"code": CODE}),
    ("put", "webtask/acme/fresh", Action.CREATE, {"code": CODE}, Action.PUBLISH),
    ("put", "webtask/acme/hello", Action.SECRETS, {"code": CODE, "secrets": {"K": "v"}}, Action.PUBLISH),
    ("delete", "webtask/acme/hello", Action.DELETE),
    ("get", "webtask/acme/hello/data", Action.READ_DATA),
    ("put", "webtask/acme/hello/data", Action.WRITE_DATA, {"data": "1"}),
    ("get", "cron/acme", Action.VIEW),
    ("get", "cron/acme/hello", Action.VIEW),
    ("put", "cron/acme/hello", Action.SCHEDULE, JOB),
    ("delete", "cron/acme/hello", Action.SCHEDULE),
    ("get", "cron/acme/hello/history", Action.LOGS),
    ("put", "cron/acme/hello/state", Action.SCHEDULE, {"state": "inactive"}),
    ("delete", "cache/acme", Action.PUBLISH),
    ("delete", "cache/acme/hello", Action.PUBLISH),
    ("get", "limits/container/acme", Action.VIEW),
    ("delete", "limits/container/acme", Beyond.ADMINISTRATOR),
    ("get", "limits/token/{jti}", Beyond.CREDENTIAL),
    ("delete", "limits/token/{jti}", Beyond.ADMINISTRATOR),
    ("get", "env/node/modules/lodash", Beyond.ANYONE),
    ("post", "env/node/modules", Beyond.CREDENTIAL, {"modules": [{"name": "lodash", "version": "4.17.21"}]}),
    ("post", "env/node/modules?reset=1", Beyond.ADMINISTRATOR, {"modules": [{"name": "lodash", "version": "4.17.21"}]}),
    ("post", "tokens/issue", Action.ISSUE, {"ten": "acme"}),
    ("post", "tokens/issue", Action.PUBLISH, {"ten": "acme", "jtn": "hello", "code": CODE}),
    ("post", "tokens/issue", Action.CREATE, {"ten": "acme", "jtn": "fresh", "code": CODE}, Action.PUBLISH),
    ("post", "tokens/issue", Action.SECRETS, {"ten": "acme", "jtn": "hello", "code": CODE, "ectx": {"K": "v"}}, Action.PUBLISH),
    ("get", "tokens/inspect?token={own}", Beyond.CREDENTIAL),
    ("get", "tokens/inspect?token={hello}", Action.ISSUE, None, Action.PUBLISH),
    ("get", "tokens/inspect?token={hello}", Action.PUBLISH, None, Action.ISSUE),
    ("get", "tokens/inspect?token={hello}&fetch_code=1", Action.CODE, None, Action.ISSUE, Action.PUBLISH),
    ("post", "tokens/revoke?token={own}", Beyond.CREDENTIAL),
    ("post", "tokens/revoke?token={hello}", Action.ISSUE),
]  # fmt: skip
pytestmark = pytest.mark.django_db


def rows() -> list[Row]:
    return [_row(*one) for one in ENDPOINTS]


def _row(method: str, path: str, what: Action | Beyond, body: Any = None, *before: Action) -> Row:
    steps = ((action, FORBIDDEN) for action in before)
    named = re.search(r"/acme/(\w+)", path)
    webtask = named[1] if named else (body or {}).get("jtn", "hello" if "{hello}" in path else None)
    return replace(row(method, f"/api/{path}", what, body, *steps), webtask=webtask)


@pytest.fixture
def job(hello):
    """The cron job acme/hello; the token of the webtask acme/hello."""
    webtask = Webtask.objects.get(name="hello")
    create_schedule(webtask, "hello", Plan(cron="0 4 * * *"), actor=SYSTEM)
    assert webtask.token
    return tokens.sign(webtask.token.claims)


def tried(bearer: Bearer, one: Row, hello: str) -> str:
    path = one.path.format(hello=hello, own=bearer.shown, jti=bearer.jti or "x")
    headers = {"authorization": f"Bearer {bearer.shown}"} if bearer.shown else {}
    send = getattr(Client(headers=headers), one.method)
    status = undone(lambda: send(path, one.body, content_type="application/json")).status_code
    if status == 500:
        return FAILED
    return IN if status < 300 else REFUSED


def differences(everybody: list[Bearer], some: list[Row], hello: str) -> list[str]:
    found = []
    for bearer in everybody:
        for one in some:
            outcome = tried(bearer, one, hello)
            if outcome != expected(bearer, one):
                found.append(f"{bearer}: {one} → {outcome}, not {expected(bearer, one)}")
    return found


@pytest.mark.timeout(400)
def test_everybody_may_what_the_table_says_and_nothing_else(people, job):
    cast(people)
    found = differences(bearers(people), rows(), job)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("one", [one for one in rows() if one.steps], ids=str)
def test_no_row_could_ask_for_another_action(people, job, one):
    """Who has those actions and no other gets in; who lacks any of them and has all others does not."""
    asked = {action for action, _ in one.steps}
    assert tried(scoped(people.team, asked), one, job) == IN
    for action in asked:
        assert tried(scoped(people.team, set(Action) - {action}), one, job) == REFUSED, action


def test_every_endpoint_has_a_row():
    declared = {
        (way.method, way.path, need.what)
        for way in ways()
        if way.kind == "protocol" and not way.path.startswith("/api/logs/")
        for need in way.needs
    }
    told = {(one.method.upper(), plain(resolve(one.path.split("?")[0]).route), one.what) for one in rows()}
    assert declared - told == set(), "add it to ENDPOINTS"
    assert told - declared == set(), (
        "the endpoint does not declare that: put @needs(…) on it, or mend the row"
    )


def test_a_session_is_no_credential(people, job):
    for one in rows():
        if one.what != Beyond.ANYONE:
            send = getattr(people.alice.client, one.method)
            path = one.path.format(hello=job, own=job, jti="x")
            assert send(path, one.body, content_type="application/json").status_code == 403, str(one)
