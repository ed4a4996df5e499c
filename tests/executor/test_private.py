"""Private webtasks and paused ones, on the real stack: who is let in, by what they show, and until when."""

import time

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.executor.bundle import with_ws
from tests.executor.guarded import Guarded, refused
from tests.stack import Member, ended


@pytest.fixture(scope="module")
def secret(owner: Member) -> Guarded:
    webtask = Guarded(owner, "secret")
    webtask.guard("private")
    return webtask


def session(member: Member) -> str:
    return f"webtasks_session={member.http.cookies['webtasks_session']}"


def issue(owner: Member, kind: str, **terms: object) -> tuple[str, str]:
    """The secret and the id of a token."""
    body = {"name": "test", "kind": kind, **terms}
    headers = {"x-csrftoken": owner.http.cookies["webtasks_csrf"]}
    made = owner.http.post("/api/teams/acme/tokens", json=body, headers=headers)
    assert made.status_code == 201, made.text
    return made.json()["secret"], made.json()["jti"]


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def key(owner: Member) -> str:
    return issue(owner, "api", scopes=["webtask.run"])[0]


def test_who_shows_nothing_is_told_what_to_show(secret, key):
    for method in ("GET", "POST", "OPTIONS"):
        answer = secret.send("nothing", method=method)
        assert "is private: send a token" in refused(answer, 401)
        assert answer.headers["www-authenticate"] == 'Bearer realm="acme/secret"'
    assert secret.send("nothing", method="HEAD").status_code == 401
    assert secret.ran(**bearer(key)).count("nothing") == 0


@pytest.mark.parametrize("kind", ["api", "webtask"])
def test_a_token_that_may_run_it_comes_in(secret, kind):
    token, _ = issue(secret.owner, kind, scopes=["webtask.run"])
    answer = secret.send("token", **bearer(token))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private"
    assert "authorization" not in answer.json(), "it was for us, and may do more than run this"


def test_a_webtask_token_may_stand_in_the_url(secret, key):
    token, _ = issue(secret.owner, "webtask")
    answer = httpx.get(f"{secret.url}/x?a=1&key={token}&b=2")
    assert answer.status_code == 200, answer.text
    assert answer.json()["url"] == "/api/run/acme/secret/x?a=1&b=2"
    assert "does not belong into a URL" in refused(httpx.get(f"{secret.url}?key={key}"), 403)


@pytest.mark.parametrize(
    "terms",
    [{"scopes": ["webtask.view"]}, {"webtasks": ["other"]}, {"methods": ["DELETE"]}],
    ids=["scope", "webtask", "method"],
)
@pytest.mark.parametrize("kind", ["api", "webtask"])
def test_a_token_for_something_else_does_not(secret, kind, terms):
    token, _ = issue(secret.owner, kind, **terms)
    refused(secret.send("narrow", **bearer(token)), 403)


def test_what_is_no_token_of_ours_does_not(secret):
    for token in ("x", "wtk_x", "e30.e30.e30", "wtk_" + "0" * 49):
        refused(secret.send("forged", **bearer(token)), 403)
    refused(secret.send("basic", authorization="Basic YTpi"), 403)


def test_a_token_is_good_no_longer_than_until_it_is_revoked(secret):
    for kind in ("api", "webtask"):
        token, jti = issue(secret.owner, kind)
        assert secret.send("before", **bearer(token)).status_code == 200
        headers = {"x-csrftoken": secret.owner.http.cookies["webtasks_csrf"]}
        gone = secret.owner.http.delete(f"/api/teams/acme/tokens/{jti}", headers=headers)
        assert gone.status_code == 204
        refused(secret.send("after", **bearer(token)), 403)


def test_a_tokens_rate_holds_here_too(secret):
    token, _ = issue(secret.owner, "api", rates={"day": 2})
    said = [secret.send("rate", **bearer(token)).status_code for _ in range(3)]
    assert said == [200, 200, 429]


def test_a_session_comes_in_by_its_standing(secret, people):
    may = {"operator": 200, "viewer": 403, "outside": 403, "shared": 403}
    for name, status in may.items():
        assert secret.send(name, method="GET", cookie=session(people[name])).status_code == status, name
    assert secret.send("owner", method="GET", cookie=session(secret.owner)).status_code == 200
    shared = {"email": "shared@private.example", "rights": ["run"]}
    number = secret.api("POST", "collaborators", json=shared, status=201)["number"]
    assert secret.send("shared", method="GET", cookie=session(people["shared"])).status_code == 200
    assert secret.owner.api("DELETE", f"/secret/collaborators/{number}").status_code == 204
    assert secret.send("shared", method="GET", cookie=session(people["shared"])).status_code == 403


def test_who_signs_out_is_out(secret, stack):
    with Member(stack, "operator@private.example", "let-them-in-please") as operator:
        cookie = session(operator)
        assert secret.send("in", method="GET", cookie=cookie).status_code == 200
        form = {"csrfmiddlewaretoken": operator.http.cookies["webtasks_csrf"]}
        assert operator.http.post("/signout", data=form).status_code == 302
        # The two seconds it takes are held in test_visitors.py; this tells them from whatever else would end it.
        end = time.monotonic() + 20
        while secret.send("out", method="GET", cookie=cookie).status_code == 200:
            assert time.monotonic() < end
            time.sleep(0.1)


SITES = [
    ("GET", {"sec-fetch-site": "same-origin"}, 200),
    ("POST", {"sec-fetch-site": "same-origin", "origin": "SELF"}, 200),
    ("GET", {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
    ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
    ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 401),
    ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, 401),
    ("GET", {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, 401),
    ("POST", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 401),
    ("POST", {"origin": "https://evil.example"}, 401),
    ("POST", {"origin": "null"}, 401),
    ("POST", {}, 401),
    ("POST", {"origin": "SELF"}, 200),
]  # fmt: skip


@pytest.mark.parametrize(("method", "headers", "status"), SITES)
def test_another_sites_page_cannot_use_a_persons_cookie(secret, method, headers, status):
    sent = {name: value.replace("SELF", secret.owner.stack.url) for name, value in headers.items()}
    answer = secret.send("csrf", method=method, cookie=session(secret.owner), **sent)
    assert answer.status_code == status, answer.text


def test_a_websocket_of_another_sites_page_cannot_either(owner):
    room = Guarded(owner, "secret-room")
    server = "const server = new ws.WebSocketServer({ noServer: true });\n"
    owner.publish(
        "secret-room",
        with_ws(
            server
            + "module.exports = (ctx, req, res) => server.handleUpgrade(req, req.socket, Buffer.alloc(0), (one) => one.send('in'));"
        ),
    )
    room.guard("private")
    url = room.url.replace("http", "ws", 1)
    mine = {"cookie": session(owner)}
    for origin in (None, "https://evil.example"):
        with pytest.raises(InvalidStatus) as refusal, connect(url, additional_headers=mine, origin=origin):  # type: ignore[arg-type]
            pass
        assert refusal.value.response.status_code == 401
    with connect(url, additional_headers=mine, origin=owner.stack.url) as socket:
        assert socket.recv(timeout=20) == "in"


def test_the_consoles_own_calls_come_in(secret, stack, key):
    assert secret.api("POST", "run", json={})["status"] == 200
    later = secret.send("later", b"later", prefer="respond-async", **bearer(key))
    assert later.status_code == 202
    told = ended(later.json()["status_url"])
    assert (told["state"], told["status"]) == ("done", 200)
    assert "authorization" not in told["body"], "nor is it kept for the code"
    refused(secret.send("later", prefer="respond-async"), 401)
    refused(secret.send("grant", **{"webtask-grant": "e30:1:x"}), 403)


def test_by_a_token_alone_it_is_as_guarded(owner, stack):
    """`/api/run/TEAM` runs what the token fixes, which may be a webtask by its name."""
    webtask = Guarded(owner, "by-token")
    claims = {"ten": "acme", "url": "webtask://localhost/api/data/code/acme%2Fby-token"}
    token = httpx.post(f"{stack.url}/api/tokens/issue", json=claims, headers=bearer(stack.token)).text
    url = f"{stack.url}/api/run/acme?key={token}"
    assert httpx.get(url).status_code == 200
    webtask.guard("private")
    assert httpx.get(url).status_code == 200, "it is good for this webtask alone, and says so"
    assert webtask.send("named", b"", **bearer(token)).status_code == 200
    webtask.keep(SIGNING="s")
    webtask.guard("slack", "SIGNING")
    refused(httpx.get(url), 401)
    webtask.api("POST", "pause")
    refused(httpx.get(url), 503)


# -- paused ----------------------------------------------------------------------------------------------------


def test_a_paused_webtask_answers_503_and_goes_on_at_once(owner):
    webtask = Guarded(owner, "napping")
    assert webtask.send("before").status_code == 200
    assert webtask.api("POST", "pause")["unconfirmed"] == []
    for method in ("GET", "POST", "OPTIONS"):
        answer = webtask.send("paused", method=method)
        assert "is paused" in refused(answer, 503)
        assert answer.headers["retry-after"] == "60"
    assert owner.api("GET", "/napping").json()["paused"] is True
    later = webtask.send("later", prefer="respond-async")
    assert later.status_code == 202
    assert webtask.api("POST", "run", json={})["status"] == 200, "who may run it may look at it"
    assert httpx.get(later.json()["status_url"]).json()["state"] == "queued"
    assert webtask.api("POST", "resume")["paused"] is False
    assert webtask.send("after").status_code == 200
    told = ended(later.json()["status_url"])
    assert (told["state"], told["attempt"]) == ("done", 1)
    assert webtask.ran() == ["before", "undefined", "after", "later", "last"]


def test_a_pause_lets_what_runs_end(owner):
    webtask = Guarded(owner, "ending")
    owner.publish(
        "ending",
        "module.exports = (ctx, req, res) => { res.write('a'); process.once('go', () => res.end('b')); setTimeout(() => process.emit('go'), 500); };",
    )
    with httpx.stream("GET", webtask.url) as answer:
        parts = answer.iter_raw()
        assert next(parts) == b"a"
        webtask.api("POST", "pause")
        assert b"".join(parts) == b"b"
    refused(webtask.send("paused"), 503)
