"""The log stream as the published clients read it: what a team's code says, to whoever has a token for it."""

import json
from contextlib import contextmanager

import httpx
import pytest

from console.accounts.actions import issue_token, revoke_token
from console.accounts.audit import SYSTEM
from console.accounts.tokens import sign
from console.live import stream
from tests.console.test_records import invocation, line
from tests.console.test_tail import node  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
SSE = {"accept": "text/event-stream"}


@pytest.fixture
def token(people, hello):
    return issue_token(people.team, "profile", actor=SYSTEM)


class Client:
    """Opens streams; `pieces` of one are its chunks as they were sent."""

    def __init__(self, listener, token):
        self.http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(listener.path)), base_url="http://localhost", timeout=20
        )
        self.key = sign(token.claims)

    @contextmanager
    def open(self, query="", headers=SSE):
        with self.http.stream(
            "GET", f"/api/logs/tenant/acme?key={self.key}{query}", headers=headers
        ) as answer:
            assert answer.status_code == 200, answer.read()
            pieces = answer.iter_raw()
            if headers:
                assert next(pieces) == b":connected\n\n"
            yield Said(answer, pieces)

    def refusal(self, path="/api/logs/tenant/acme", **kwargs):
        answer = self.http.get(path, **kwargs)
        return answer.status_code, answer.json()["message"]


class Said:
    def __init__(self, answer, pieces):
        self.answer = answer
        self.raw = pieces

    def events(self, count):
        """The next ones, comments left out."""
        found: list[dict[str, object]] = []
        while len(found) < count:
            piece = next(self.raw)
            assert piece.endswith(b"\n\n"), piece
            found += [
                json.loads(part[6:]) for part in piece.decode().split("\n\n") if part.startswith("data: ")
            ]
        return found

    def messages(self, count):
        return [event["msg"] for event in self.events(count)]


@pytest.fixture
def client(listener, token):
    one = Client(listener, token)
    yield one
    one.http.close()


def test_a_request_is_told_from_its_beginning_to_its_end(client, node):  # noqa: F811
    node("before anyone listens")
    with client.open() as said:
        node("one", "two", invocations=[invocation("i1", ms=12.4)])
        first, *others = said.events(4)
    assert [event["msg"] for event in (first, *others)] == [
        "new webtask request i1",
        "one",
        "two",
        "finished webtask request i1 with HTTP 200 in 12ms",
    ]
    assert {first[key] for key in ("container", "hostname")} == {"acme"}
    assert (first["name"], first["pid"], first["level"], first["v"]) == ("hello", 0, 30, 0)
    assert (first["req_id"], first["version"]) == ("i1", "v1")


def test_every_event_is_one_piece(client, node):  # noqa: F811
    text = "line\r\nother\n\n" + "é" * 19_000
    with client.open() as said:
        node(text)
        assert said.messages(2)[1] == text
        assert said.answer.headers["content-type"] == "text/event-stream"


def test_ad_hoc_codes_lines_are_told_and_other_teams_are_not(client, listener, charlie):
    link = listener.link()
    link.say(t="hello", executor="node-2", boot="boot-1")
    link.until("welcome")
    with client.open() as said:
        theirs, ours = (
            line(f"of {team}", team=team, webtask=None, invocation="") for team in ("chaos", "acme")
        )
        link.say(t="records", seq=1, lines=[theirs, ours], invocations=[])
        assert said.messages(1) == ["of acme"]
    link.close()


def test_without_asking_for_events_it_is_lines_of_json(client, node):  # noqa: F811
    with client.open("&max=2", headers={}) as said:
        node("one")
        text = b"".join(said.raw).decode()
    assert [json.loads(part)["msg"] for part in text.splitlines()] == ["new webtask request i1", "one"]


def test_it_ends_after_so_many_messages_or_so_much_silence(client, node):  # noqa: F811
    with client.open("&max=1&f.msg=!^(new|finished)") as said:
        node("one", "two")
        assert said.messages(1) == ["one"]
        assert list(said.raw) == []
    with client.open("&timeout=50") as said:
        assert set(said.raw) <= {b":\n\n"}


def test_a_filter_chooses_and_two_marks_are_one(client, node):  # noqa: F811
    with client.open("&f.msg=o%24&max=1") as chosen, client.open("&f.msg=!!x&max=1") as marked:
        node("two!", "two", "!x")
        assert chosen.messages(1) == ["two"]
        assert marked.messages(1) == ["!x"]


def test_a_revoked_token_ends_it(client, token, monkeypatch):
    """At once: nothing has to happen first."""
    monkeypatch.setattr(stream, "PULSE_SECONDS", 3600)
    with client.open() as said:
        revoke_token(token.jti, actor=SYSTEM)
        assert set(said.raw) <= {b":\n\n"}
    assert client.refusal(headers={"authorization": f"Bearer {client.key}"}) == (403, "token is revoked")


def test_whoever_may_not_is_told_why(client, people, charlie, token):
    missing = "rejecting request without Authorization header or key URL query parameter"
    assert client.refusal() == (403, missing)
    odd = "rejecting request with unexpected Authorization header"
    assert client.refusal(headers={"authorization": "Basic x"}) == (403, odd)
    other = client.refusal(f"/api/logs/tenant/chaos?key={client.key}")
    assert other == (403, "not authorized to perform operation on tenant `chaos`")
    narrow = issue_token(people.team, "task", actor=SYSTEM, url="webtask://x", jtn="hello")
    assert client.refusal(f"/api/logs/tenant/acme?key={sign(narrow.claims)}")[0] == 403
    for query in ("max=0", "max=x", "timeout=-1", "f.msg=("):
        assert client.refusal(f"/api/logs/tenant/acme?key={client.key}&{query}")[0] == 400
    assert client.refusal("/api/logs/acme")[0] == 404


def test_a_browser_may_ask_and_too_many_may_not(client, monkeypatch):
    asked = client.http.options("/api/logs/tenant/acme", headers={"origin": "https://editor.example"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
    assert "location" in asked.headers["access-control-expose-headers"]
    assert client.http.head(f"/api/logs/tenant/acme?key={client.key}").status_code == 200
    monkeypatch.setattr(stream, "MAX_OF_TEAM", 1)
    with client.open():
        status, message = client.refusal(f"/api/logs/tenant/acme?key={client.key}")
        assert (status, message[:8]) == (429, "too many")
