"""Everybody opens every page, and fares as the one table says. An API token opens none."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from console.accounts.actions import issue_key
from console.accounts.audit import Actor
from console.accounts.models import Kind
from console.accounts.needs import Beyond
from console.accounts.principals import Person
from console.accounts.roles import Action
from console.accounts.terms import Terms
from console.ways import plain, ways
from console.webtasks.models import Version, Webtask
from tests.console import test_access
from tests.console.people import People
from tests.console.test_walk import owned
from tests.console.walk.cast import cast
from tests.console.walk.sessions import sessions
from tests.console.walk.walk import ABSENT, FAILED, FORBIDDEN, IN, UNSIGNED, Row, expected, row, undone
from tests.console.walk.walker import Law, Walker

# Method and path, what it needs, and what a form says.
PAGES: list[tuple[Any, ...]] = [
    ("get", "/", Beyond.ANYONE),
    ("get", "/t/acme", Action.VIEW),
    ("post", "/t/acme", Action.CREATE, {"name": "fresh"}),
    ("post", "/t/acme/@webtasks/pause", Action.PAUSE, {"webtask": "hello"}),
    ("post", "/t/acme/@webtasks/resume", Action.PAUSE, {"webtask": "hello"}),
    ("post", "/t/acme/@webtasks/delete", Action.DELETE, {"webtask": "hello", "typed": "delete 1"}),
    ("get", "/new", Beyond.ANYONE),
    ("get", "/templates", Beyond.ANYONE),
    ("get", "/templates/counter", Beyond.ANYONE),
    ("post", "/templates/counter", Action.CREATE, {"team": "acme", "name": "fresh"}),
    ("get", "/keep", Beyond.ANYONE),
    ("get", "/keep/in-account", Beyond.ANYONE),
    # By another method than theirs: what they answer is for tests of their own.
    ("post", "/join/nothing", Beyond.ANYONE),
    ("get", "/run", Beyond.ANYONE),
    ("get", "/join", Beyond.ANYONE),
    ("get", "/s/KEY", Beyond.ANYONE),
    ("get", "/s/KEY/raw", Beyond.ANYONE),
    ("get", "/s/KEY/raw/lib.js", Beyond.ANYONE),
    ("get", "/s/KEY/run", Beyond.ANYONE),
    ("get", "/s/KEY/fork", Beyond.SELF),
    ("post", "/s/KEY/fork", Action.CREATE, {"team": "acme", "name": "fresh"}),
    ("get", "/teams/new", Beyond.SELF),
    ("get", "/enter/acme/hello", Action.RUN),
    ("get", "/t/acme/@settings", Action.TEAM),
    ("post", "/t/acme/@settings", Action.RENAME, {"name": "Acme and sons", "slug": "acme"}),
    ("get", "/t/acme/@leave", Action.LEAVE),
    ("get", "/t/acme/@transfer", Action.TRANSFER),
    ("get", "/t/acme/@delete", Action.DISBAND),
    ("get", "/t/acme/@members", Action.TEAM),
    ("post", "/t/acme/@members/invite", Action.INVITE, {"role": "viewer"}),
    ("post", "/t/acme/@members/7", Action.MEMBERS, {"role": "operator"}),
    ("get", "/t/acme/@members/7/remove", Action.MEMBERS),
    ("post", "/t/acme/@invitations/7/revoke", Action.INVITE),
    ("get", "/t/acme/@audit", Action.AUDIT),
    ("get", "/t/acme/@tokens", Action.OWN_TOKEN),
    ("post", "/t/acme/@tokens", Action.ISSUE, {"name": "mine", "kind": "webtask"}),
    ("get", "/t/acme/@tokens/OWN/revoke", Action.OWN_TOKEN),
    ("post", "/t/acme/@tokens/abcdef/revoke", Action.REVOKE),
    ("get", "/t/acme/hello", Action.VIEW),
    ("get", "/edit/acme", Beyond.ANYONE),
    ("get", "/edit/v1/acme", Beyond.ANYONE),
    ("get", "/edit/v2/acme", Beyond.ANYONE),
    ("get", "/edit/canary/acme", Beyond.ANYONE),
    ("get", "/system/isolation", Beyond.STAFF),
    ("get", "/authorize", Beyond.SELF),
    ("post", "/oauth/token", Beyond.ANYONE),
    ("post", "/oauth/revoke", Beyond.ANYONE),
    ("post", "/csp", Beyond.ANYONE),
]
# Of the pages about oneself, those that are for people who are not signed in yet.
ENTRANCES = (
    "/signin",
    "/signout",
    "/signup",
    "/account/password/reset",
    "/account/address/prove",
)
nightly = test_access.nightly
pytestmark = pytest.mark.django_db


def rows() -> list[Row]:
    return [_row(*one) for one in PAGES]


def _row(method: str, path: str, what: Action | Beyond, body: Any = None) -> Row:
    # Others' tokens are out of sight, not out of reach.
    before = [(Action.OWN_TOKEN, FORBIDDEN), (Action.TOKENS, ABSENT)] if "/abcdef/" in path else []
    return replace(row(method, path, what, body, *before), webtask="hello" if "/hello" in path else None)


def bearing(people: People) -> dict[str, str]:
    """The header of an API token of the owner, as wide as can be."""
    owner = people.alice.user
    actor = Actor(owner.handle, owner)
    issued = issue_key(Person(owner), people.team, "wide", kind=Kind.API, wanted=Terms(), actor=actor)
    return {"authorization": f"Bearer {issued.secret}"}


def _opened(walker: Walker, one: Row) -> str:
    return opened(walker.client, one.method, one.path.replace("OWN", f"own{walker.user}"), one.body)


def opened(client: Client, method: str, path: str, body: Any = None) -> str:
    answer = undone(lambda: getattr(client, method)(path, body))
    if answer.status_code == 302 and answer["Location"].startswith("/signin"):
        return UNSIGNED
    return {403: FORBIDDEN, 404: ABSENT, 500: FAILED}.get(answer.status_code, IN)


@pytest.mark.timeout(400)
def test_everybody_may_what_the_table_says_and_nothing_else(people, nightly):
    Webtask.objects.filter(name="hello").update(share_key="KEY")
    Version.objects.update(files={"lib.js": "exports.x = 1"})
    everybody = cast(people)
    # By which methods a token is good is for the API to ask: a page is one that is looked at.
    everybody += [one for one in sessions(people) if not (one.key and one.key.methods)]
    owned(everybody)
    # What is no session is no credential here.
    everybody.append(Walker("API token", Client(headers=bearing(people))))
    found = [
        f"{walker}: {one} → {outcome}"
        for walker in everybody
        for one in rows()
        if (outcome := _opened(walker, one)) != expected(walker, one, Law())
    ]
    assert not found, "\n".join(found)


def test_every_page_has_a_row():
    declared = {(way.path, need.what) for way in ways() if way.kind == "web" for need in way.needs}
    assert [str(way) for way in ways() if way.kind == "web" and not way.needs] == [], "put @needs(…) on it"
    tried = {(plain(resolve(one.path).route), one.what) for one in rows()}
    assert declared - tried == set(), "add it to PAGES"
    assert tried - declared == set(), "the page does not declare that: put @needs(…) on it, or mend the row"


@pytest.mark.parametrize("path", [way.path for way in ways() if way.kind == "account"])
def test_pages_about_oneself_are_for_whoever_is_signed_in(people, charlie, path):
    path = path.format(uidb36="1", key="x", pk=1, provider="nobody")
    if path.startswith(ENTRANCES):
        assert opened(Client(), "get", path) in ((ABSENT,) if "nobody" in path else (IN, UNSIGNED))
    else:
        assert opened(Client(), "get", path) == opened(Client(), "post", path) == UNSIGNED
        # Number 1 is nobody's.
        outcome = opened(charlie.client, "get", path)
        assert outcome == ABSENT if "/1/" in path else outcome not in (UNSIGNED, FAILED)


@pytest.mark.parametrize("way", [way for way in ways() if way.kind == "live"], ids=str)
def test_what_executors_ask_is_told_to_nothing_but_the_node_token(people, hello, way):
    path = way.path.format(team="acme", webtask="hello", digest="0" * 64)
    wrong = Client(headers={"authorization": "Bearer x"})
    for client in (Client(), people.alice.client, Client(headers=bearing(people)), wrong):
        for method in ("get", "post", "put", "delete"):
            assert getattr(client, method)(path).status_code == 401
