"""Nothing of a team gets out: by ids, names, cursors, filters, errors, lists, whatever somebody else asks with whatever they have."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from console.accounts import tokens
from console.accounts.actions import create_team, issue_key, issue_token
from console.accounts.audit import SYSTEM, Actor
from console.accounts.models import Kind, Team
from console.accounts.principals import Person as Principal
from console.accounts.roles import Right
from console.accounts.terms import Terms
from console.live.follow import Follow, Wish
from console.live.versions import VersionsWatch
from console.live.watch import Watch
from console.problems import Forbidden
from console.ways import Way, plain, ways
from console.webtasks.actions import create_webtask
from console.webtasks.models import Collaborator, Webtask
from tests.console import canaries, test_access, test_walk_protocol
from tests.console.canaries import MARK, Nest
from tests.console.people import People, Person
from tests.console.walk.walk import undone

# Whoever knows a ticket may read how that request went: it is a credential, which nobody but the caller is given.
BY_TICKET = "/api/deliveries/{ticket}"
# What the endpoints of the published clients understand, beside what the schema says of the API.
QUERIES = ("limit=100", "offset=0", "fetch_code=1", "decrypt=1", f"meta=k:{MARK}-meta")
pytestmark = pytest.mark.django_db


@pytest.fixture
def nest() -> Nest:
    return canaries.build()


@dataclass
class Spy:
    """Owner of a team of their own, chaos, with a webtask of their own, mine."""

    person: Person
    team: Team
    webtask: Webtask

    @property
    def actor(self) -> Actor:
        return Actor(self.person.user.handle, self.person.user)

    def clients(self) -> dict[str, Client]:
        key = issue_key(
            Principal(self.person.user), self.team, "key", kind=Kind.API, wanted=Terms(), actor=self.actor
        )
        return {
            "session": self.person.client,
            "API token": bearing(key.secret),
            "webtask token": bearing(self.jwt()),
        }

    def jwt(self) -> str:
        return tokens.sign(issue_token(self.team, "jwt", actor=self.actor).claims)


@pytest.fixture
def spy(db) -> Spy:
    person = People.stranger("charlie")
    team = create_team("chaos", "Chaos", owner=person.user, actor=SYSTEM)
    return Spy(person, team, create_webtask(team, "mine", actor=SYSTEM))


def bearing(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


# -- what there is to ask ----------------------------------------------------------------------------------------

BODIES: dict[tuple[str, str], Any] = {
    (row.method.upper(), plain(resolve(row.path.split("?")[0]).route)): row.body
    for row in (*test_access.rows(), *test_walk_protocol.rows())
}


def paths(
    way: Way, teams: tuple[str, ...], names: tuple[str, ...], ids: dict[str, list[str]]
) -> Iterator[str]:
    """With every name and every id in every place."""
    places = re.findall(r"\{(\w+)\}", way.path)
    known = {**ids, "team": list(teams), "name": list(names), "webtask": list(names)}
    unknown = {place for place in places if place not in known}
    assert not unknown, f"{way}: tell tests/console/canaries.py which ids there are for {unknown}"
    for values in itertools.product(*(known[place] for place in places)):
        yield way.path.format(**dict(zip(places, values, strict=True)))


def queries(way: Way, schema: dict[str, Any], ids: dict[str, list[str]]) -> Iterator[str]:
    yield ""
    if way.method == "GET" and way.kind == "protocol":
        yield from QUERIES
    operation = schema["paths"].get(way.path, {}).get(way.method.lower(), {})
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query":
            name = parameter["name"]
            yield from (f"{name}={value}" for value in ids.get(name, ["1", "a", MARK[:3]]))


def asked(client: Client, way: Way, path: str, query: str, etag: str) -> Any:
    body = BODIES.get((way.method, way.path))
    send = getattr(client, (way.method or "get").lower())
    headers = {"if-match": f'"{etag}"'} if way.method == "PUT" else {}
    path = f"{path}?{query}" if query else path
    return undone(lambda: send(path, body, content_type="application/json", headers=headers))


def told(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.headers} {content.decode(errors='replace')}".lower()


def asking(
    schema: dict[str, Any], nest: Nest, teams: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[tuple[Way, str, str]]:
    for way in ways():
        if way.kind in ("api", "protocol", "web") and way.path != BY_TICKET and "/api/logs/" not in way.path:
            for path, query in itertools.product(
                paths(way, teams, names, nest.ids), queries(way, schema, nest.ids)
            ):
                yield way, path, query


@pytest.fixture
def schema(client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/schema").json()
    return found


# -- nobody outside ----------------------------------------------------------------------------------------------


@pytest.mark.timeout(300)
def test_nothing_of_a_team_is_told_to_another(nest, spy, schema):
    """All that there is to ask of the API, the endpoints and the pages, with the ids of the other team in every place."""
    leaks = [
        f"{name}: {way.method} {path}?{query}: {heard[:300]}"
        for name, client in spy.clients().items()
        for way, path, query in asking(schema, nest, ("acme", "chaos"), ("hello", "mine"))
        for heard in [told(asked(client, way, path, query, nest.ids["etag"][0]))]
        if any(sign in heard.replace(f"{MARK}-meta", "") for sign in canaries.SIGNS)
    ]
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("right", Right)
@pytest.mark.timeout(300)
def test_a_collaborator_is_told_what_the_right_is_for(nest, spy, schema, right):
    webtask = Webtask.objects.get(team=nest.team, name="hello")
    Collaborator.objects.create(webtask=webtask, email=spy.person.user.email, rights=[right])
    leaks = [
        f"{way.method} {path}?{query}: {seen}"
        for way, path, query in asking(schema, nest, ("acme",), ("hello",))
        for seen in [canaries.seen(told(asked(spy.person.client, way, path, query, nest.ids["etag"][0])))]
        if seen - canaries.FOR[right]
    ]
    assert not leaks, "\n".join(leaks)


def test_the_owner_is_told_everything(nest, schema):
    """Else there would be nothing to leak."""
    heard = {
        place
        for way, path, query in asking(schema, nest, ("acme",), ("hello",))
        for place in canaries.seen(told(asked(nest.owner.client, way, path, query, nest.ids["etag"][0])))
    }
    assert canaries.PLACES - heard == set()


# -- what is another's is what is not there ----------------------------------------------------------------------


def test_ids_of_another_team_are_as_ids_of_nothing(nest, spy):
    """In one's own team, in each place: the same answer, but for the id."""
    absent = {"number": "987654", "jti": "f" * 32, "ticket": "e" * 32, "schedule": "never"}
    for way in ways():
        places = re.findall(r"\{(\w+)\}", way.path)
        if way.kind not in ("api", "protocol") or way.path == BY_TICKET or not set(places) & set(absent):
            continue
        foreign = list(paths(way, ("chaos",), ("mine",), nest.ids))
        (missing,) = paths(way, ("chaos",), ("mine",), {place: [absent.get(place, "x")] for place in places})
        client = spy.person.client if way.kind == "api" else bearing(spy.jwt())
        without = alike(asked(client, way, missing, "", ""), missing)
        for path in foreign:
            assert alike(asked(client, way, path, "", ""), path) == without, path


def alike(answer: Any, path: str) -> tuple[int, str]:
    """Without the ids that were typed, and the protocol's own of the answer."""
    text = answer.content.decode()
    for part in path.split("/"):
        if len(part) > 3:
            text = text.replace(part, "…")
    return answer.status_code, re.sub(r'"req_id": "[^"]+"|\b\d+\b', "…", text)


def test_a_cursor_of_another_team_is_as_one_of_nothing(nest, spy):
    answers = [
        spy.person.client.get("/api/teams/chaos/tokens", {"before": jti})
        for jti in (*nest.ids["jti"], "f" * 32)
    ]
    assert {
        alike(answer, f"/{jti}") for answer, jti in zip(answers, (*nest.ids["jti"], "f" * 32), strict=True)
    } == {alike(answers[-1], "/" + "f" * 32)}


# -- live --------------------------------------------------------------------------------------------------------


def test_a_topic_from_the_beginning_tells_nothing_of_others(nest, spy):
    watch = Watch.open(Principal(spy.person.user), "webtask:chaos/mine", 0)
    watch.invocation = watch.call = watch.tally = 0
    assert watch.read(Principal(spy.person.user)).messages == []
    versions = VersionsWatch.open(Principal(spy.person.user), "versions:chaos/mine", 0)
    assert versions.read(Principal(spy.person.user)).messages == []


def test_who_sees_logs_alone_hears_of_no_version(nest, spy):
    webtask = Webtask.objects.get(team=nest.team, name="hello")
    Collaborator.objects.create(webtask=webtask, email=spy.person.user.email, rights=[Right.LOGS])
    who = Principal(spy.person.user)
    told = Watch.open(who, "webtask:acme/hello", 0).read(who).messages
    assert not [message for message in told if message["t"] == "versions"]
    with pytest.raises(Forbidden):
        VersionsWatch.open(who, "versions:acme/hello", None)


def test_the_log_stream_from_the_beginning_tells_nothing_of_others(nest, spy):
    follow = Follow.open("chaos", spy.jwt(), Wish.of({}))
    follow._line = follow._invocation = 0
    assert follow.read().entries == []
