"""A renamed team's old URLs lead on, and its tokens work; a deleted one's URLs are dead at once."""

import json
import socket as sockets

import httpx
import pytest

from tests.executor.test_upgrade import SHOUT, all_of
from tests.stack import Member, Stack, ended

CODE = """\
module.exports = (ctx, req, res) => {
  let body = "";
  req.on("data", (data) => (body += data));
  req.on("end", () => res.end(JSON.stringify({ url: req.url, method: req.method, body, container: req.x_wt.container })));
};
"""


class Team:
    """One of the owner's, of which `slug` is the present name."""

    def __init__(self, stack: Stack, owner: Member, slug: str) -> None:
        self.stack, self.owner, self.slug = stack, owner, slug
        assert self.api("POST", "/api/teams", {"slug": slug}).status_code == 201

    def api(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        headers = {"x-csrftoken": self.owner.http.cookies["webtasks_csrf"], **headers}
        return self.owner.http.request(method, path, json=body, headers=headers)

    def publish(self, name: str, code: str) -> None:
        at = f"/api/teams/{self.slug}/webtasks"
        self.api("POST", at, {"name": name})
        guard = {"if-match": f'"{self.api("GET", f"{at}/{name}").json()["draft"]["etag"]}"'}
        live = self.api("GET", f"{at}/{name}").json()["live"]
        saved = self.api(
            "PUT", f"{at}/{name}/draft", {"code": code, "base": live and live["number"]}, **guard
        )
        assert saved.status_code == 200, saved.text
        done = self.api("POST", f"{at}/{name}/publish", {"message": "", "etag": saved.json()["etag"]})
        assert done.status_code == 201, done.text

    def token(self) -> str:
        sent = {"name": "client", "kind": "webtask"}
        return str(self.api("POST", f"/api/teams/{self.slug}/tokens", sent).json()["secret"])

    def rename(self, slug: str) -> None:
        answer = self.api("PATCH", f"/api/teams/{self.slug}", {"slug": slug})
        assert answer.status_code == 200, answer.text
        self.slug = slug

    def delete(self) -> None:
        answer = self.api("DELETE", f"/api/teams/{self.slug}?slug={self.slug}")
        assert answer.status_code == 204, answer.text

    def by_host(self, slug: str, path: str, **kwargs: object) -> httpx.Response:
        """As a browser asks that knows where *.localhost is."""
        host = f"{slug}.localhost:{self.stack.port}"
        return httpx.get(f"{self.stack.url}{path}", headers={"host": host}, **kwargs)  # type: ignore[arg-type]


@pytest.fixture
def team(stack, owner, request):
    # Behind acme, which is where people who sign in are led.
    slug = "z-" + request.node.name.removeprefix("test_").replace("_", "-")[:40].strip("-")
    made = Team(stack, owner, slug)
    yield made
    made.api("DELETE", f"/api/teams/{made.slug}?slug={made.slug}")


def test_who_looks_is_led_on(stack, team):
    old, new = team.slug, f"{team.slug}-new"
    team.publish("hello", CODE)
    assert httpx.get(f"{stack.url}/api/run/{old}/hello").json()["container"] == old  # warm, and remembered
    team.rename(new)
    answer = httpx.get(f"{stack.url}/api/run/{old}/hello/x%20y?a=1&b=%2F")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/api/run/{new}/hello/x%20y?a=1&b=%2F")
    assert answer.headers["cache-control"] == "no-store"
    followed = httpx.get(f"{stack.url}/api/run/{old}/hello/x?a=1", follow_redirects=True).json()
    assert (followed["url"], followed["container"]) == (f"/api/run/{new}/hello/x?a=1", new)
    moved = team.by_host(old, "/hello/x?a=1")
    there = f"//{new}.localhost:{stack.port}/hello/x?a=1"
    assert (moved.status_code, moved.headers["location"]) == (308, there)
    assert team.by_host(new, "/hello/x?a=1").json()["url"] == "/hello/x?a=1"
    # Back again: neither name leads in a circle.
    team.rename(old)
    assert httpx.get(f"{stack.url}/api/run/{old}/hello").json()["container"] == old
    assert httpx.get(f"{stack.url}/api/run/{new}/hello").headers["location"] == f"/api/run/{old}/hello"


def test_what_follows_no_redirect_is_served(stack, team):
    old, new = team.slug, f"{team.slug}-new"
    team.publish("hello", CODE)
    team.rename(new)
    url = f"{stack.url}/api/run/{old}/hello/x"
    for answer in (
        httpx.post(url, content=b"hook"),
        httpx.get(url, headers={"authorization": "Bearer mine"}),
        httpx.get(url, headers={"origin": "https://other.example"}),
    ):
        # The code finds its own name in the URL.
        assert answer.status_code == 200
        assert (answer.json()["url"], answer.json()["container"]) == (f"/api/run/{new}/hello/x", new)
    assert httpx.post(url, content=b"hook").json()["body"] == "hook"
    # What is published then is served there too, at once.
    team.publish("hello", "module.exports = cb => cb(null, { version: 2 })")
    assert httpx.post(url).json() == {"version": 2}


def test_a_connection_of_another_protocol_is_served_by_the_old_name(stack, team):
    old = team.slug
    team.publish("shout", SHOUT)
    team.rename(f"{old}-new")
    head = f"GET /api/run/{old}/shout HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n"
    with sockets.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(head.encode() + b"hi")
        connection.shutdown(sockets.SHUT_WR)
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert answer.endswith(b"HIBYE")


def test_tokens_of_the_old_name_run_code(stack, team):
    token, old, new = team.token(), team.slug, f"{team.slug}-new"
    bearer = {"authorization": f"Bearer {token}"}
    code = "module.exports = (ctx, cb) => cb(null, { ran: 1 })"
    assert httpx.post(f"{stack.url}/api/run/{old}", content=code, headers=bearer).json() == {"ran": 1}
    team.rename(new)
    for slug in (old, new):
        assert httpx.post(f"{stack.url}/api/run/{slug}", content=code, headers=bearer).json() == {"ran": 1}
    team.delete()
    for slug in (old, new):
        assert httpx.post(f"{stack.url}/api/run/{slug}", content=code, headers=bearer).status_code == 403


def test_a_request_that_is_not_waited_for_arrives(stack, team):
    old = team.slug
    team.publish("hello", CODE)
    team.rename(f"{old}-new")
    accepted = httpx.get(f"{stack.url}/api/run/{old}/hello/x", headers={"prefer": "respond-async"})
    assert accepted.status_code == 202, accepted.text
    told = ended(accepted.json()["status_url"])
    assert (told["state"], told["status"]) == ("done", 200), told
    assert json.loads(told["body"])["container"] == team.slug


def test_a_deleted_team_answers_nowhere(stack, team):
    first, second = team.slug, f"{team.slug}-new"
    team.publish("hello", CODE)
    assert httpx.get(f"{stack.url}/api/run/{first}/hello").status_code == 200
    team.rename(second)
    assert httpx.post(f"{stack.url}/api/run/{first}/hello").status_code == 200
    team.delete()
    for slug in (first, second):
        for method in ("GET", "POST"):
            assert httpx.request(method, f"{stack.url}/api/run/{slug}/hello").status_code == 404
        assert team.by_host(slug, "/hello").status_code == 404
