"""A token that is revoked takes with it all that descend from it, on each door: by the time the revocation is answered,
the next request is refused, and what was open closes."""

import base64
import contextlib
import hashlib
import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.executor.bundle import with_ws
from tests.stack import Member

TOKENS = "/api/teams/acme/tokens"
RUN = "module.exports = cb => cb(null, 1)"
ECHO = """
const server = new ws.WebSocketServer({ noServer: true });
module.exports = (ctx, req, res) =>
  server.handleUpgrade(req, req.socket, Buffer.alloc(0), socket => socket.on('message', text => socket.send(String(text))));
"""


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def ended(connection: ClientConnection) -> int | None:
    """With which code the server closes it, whatever it says before."""
    try:
        while True:
            connection.recv(timeout=20)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


@pytest.fixture
def issue(owner):
    """A token of the owner's, by the console: its id and what its holder presents."""

    def issue(kind: str) -> tuple[str, str]:
        answer = owner.http.post(
            TOKENS,
            json={"kind": kind, "name": f"parent {kind}", "depth": 2},
            headers={"x-csrftoken": owner.http.cookies["webtasks_csrf"]},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["jti"], answer.json()["secret"]

    return issue


@pytest.fixture
def revoke(owner):
    def revoke(jti: str) -> None:
        """Returns when the console has answered."""
        headers = {"x-csrftoken": owner.http.cookies["webtasks_csrf"]}
        assert owner.http.delete(f"{TOKENS}/{jti}", headers=headers).status_code == 204

    return revoke


def test_what_an_api_token_issued_ends_on_the_api_and_on_an_open_page(stack, owner, issue, revoke):
    owner.publish("watched", RUN)
    jti, parent = issue("api")
    with httpx.Client(base_url=stack.url, timeout=60) as http:
        made = http.post(TOKENS, json={"name": "child", "scopes": ["webtask.view", "webtask.code", "webtask.logs"]},
                         headers=bearer(parent))  # fmt: skip
        assert made.status_code == 201, made.text
        child = bearer(made.json()["secret"])
        with connect(f"{stack.url}/ws/".replace("http", "ws", 1), additional_headers=child) as page:
            page.send(json.dumps({"t": "sub", "topic": "webtask:acme/watched", "since": None}))
            assert json.loads(page.recv())["t"] == "subscribed"
            assert http.get("/api/teams/acme/webtasks", headers=child).status_code == 200
            revoke(jti)
            assert http.get("/api/teams/acme/webtasks", headers=child).status_code == 401
            assert ended(page) == 4401


def test_what_a_webtask_token_issued_ends_wherever_it_runs_and_listens(stack, issue, revoke):
    jti, parent = issue("webtask")
    with httpx.Client(base_url=stack.url, timeout=60) as http, contextlib.ExitStack() as closing:

        def issued(**claims: object) -> str:
            answer = http.post("/api/tokens/issue", json={"ten": "acme", **claims}, headers=bearer(parent))
            assert answer.status_code == 200, answer.text
            return answer.text

        child = issued()
        issued(jtn="echoing", code=with_ws(ECHO))
        adhoc, named = f"{stack.url}/api/run/acme", f"{stack.url}/api/run/acme/echoing"
        assert http.post(adhoc, content=RUN, headers=bearer(child)).status_code == 200
        following = closing.enter_context(
            httpx.Client(base_url=stack.url, timeout=10, headers={"accept": "text/event-stream"})
        )
        wanted = following.build_request("GET", f"/api/logs/tenant/acme?key={child}")
        stream = closing.enter_context(contextlib.closing(following.send(wanted, stream=True)))
        assert stream.status_code == 200
        with connect(named.replace("http", "ws", 1)) as socket:
            socket.send("still here")
            assert socket.recv() == "still here"
            revoke(jti)
            assert http.post(adhoc, content=RUN, headers=bearer(child)).status_code == 403
            assert http.get("/api/webtask/acme", headers=bearer(child)).status_code == 403
            assert http.get(named).status_code in (403, 404)
            ended(socket)
        # Before its pulse, which comes every 15 seconds: it was told.
        assert stream.read().startswith(b":connected")


def signed_in(person: Member) -> str:
    """What a published client gets from whoever lets it act for them."""
    back, verifier = "http://127.0.0.1:8722", "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {"client_id": "wt-cli", "response_type": "code", "redirect_uri": back, "scope": "openid"}
    url = f"/authorize?{urlencode({**asked, 'code_challenge': challenge, 'code_challenge_method': 'S256'})}"
    form = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', person.http.get(url).text)
    allowed = person.http.post(url, data={**dict(form), "allow": "true"})
    (code,) = parse_qs(urlsplit(allowed.headers["location"]).query)["code"]
    sent = {
        "grant_type": "authorization_code",
        "client_id": "wt-cli",
        "code": code,
        "code_verifier": verifier,
    }
    answer = person.http.post("/oauth/token", json={**sent, "redirect_uri": back})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def test_a_client_whose_login_ends_runs_nothing_more(stack):
    with Member(stack, stack.email, stack.password) as person:
        client, adhoc = bearer(signed_in(person)), f"{stack.url}/api/run/acme"
        assert httpx.post(adhoc, content=RUN, headers=client, timeout=60).status_code == 200
        found = re.search(r'name="login" value="(\d+)"', person.http.get("/account/sessions").text)
        assert found
        sent = {"login": found[1], "csrfmiddlewaretoken": person.http.cookies["webtasks_csrf"]}
        assert person.http.post("/account/sessions", data=sent).status_code == 302
        assert httpx.post(adhoc, content=RUN, headers=client, timeout=60).status_code == 403


def test_when_a_token_was_last_used_is_known(stack, owner, issue):
    jti, secret = issue("webtask")
    assert owner.http.get(f"{TOKENS}/{jti}").json()["last_used_at"] is None
    answer = httpx.post(f"{stack.url}/api/run/acme", content=RUN, headers=bearer(secret), timeout=60)
    assert answer.status_code == 200
    assert owner.http.get(f"{TOKENS}/{jti}").json()["last_used_at"]


def test_what_ran_a_webtask_that_was_deleted_does_not_run_the_next_of_its_name(stack, owner):
    """By a leave that the executor remembers, by the console's word, at the door of what is private."""
    url, admin = f"{stack.url}/api/run/acme", bearer(stack.token)

    def put(answer: int) -> str:
        sent = {"code": f"module.exports = cb => cb(null, {answer})"}
        made = httpx.put(f"{stack.url}/api/webtask/acme/fleeting", json=sent, headers=admin, timeout=60)
        assert made.status_code == 200, made.text
        return str(made.json()["token"])

    claims = {"ten": "acme", "url": "webtask://localhost/api/data/code/acme%2Ffleeting"}
    first, last = put(1), put(2)
    issued = httpx.post(f"{stack.url}/api/tokens/issue", json=claims, headers=admin).text
    for token in (first, last, issued):
        assert httpx.get(f"{url}?key={token}", timeout=60).text == "2"
    assert owner.api("DELETE", "/fleeting").status_code == 204
    for token in (first, last, issued):
        assert httpx.get(f"{url}?key={token}").status_code in (403, 404)
    new = put(3)
    assert owner.api("PUT", "/fleeting/guard", json={"kind": "private"}).status_code == 200
    for token in (first, last, issued):
        assert httpx.get(f"{url}?key={token}").status_code == 403
        assert httpx.get(f"{url}/fleeting?key={token}").status_code == 403
    assert httpx.get(f"{url}/fleeting?key={new}", timeout=60).text == "3"
