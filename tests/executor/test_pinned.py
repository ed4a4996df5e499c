"""Pinned URLs on the real stack: a version for ever, and the caller's own draft."""

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.executor.bundle import with_ws
from tests.executor.guarded import Guarded, refused
from tests.executor.test_private import bearer, issue, session
from tests.executor.test_publish import code
from tests.stack import ended


def pinned(stack, name, rest=""):
    """In both forms: by path and by host."""
    return [
        httpx.get(f"{stack.url}/api/run/acme/{name}{rest}"),
        httpx.get(f"http://127.0.0.1:{stack.port}/{name}{rest}", headers={"host": stack.team_host}),
    ]


def draft(owner, name, text, base=1):
    body = {"code": text, "base": base}
    saved = owner.api("PUT", f"/{name}/draft", json=body, headers={"if-none-match": "*"})
    assert saved.status_code == 200, saved.text


def test_a_version_answers_whatever_is_live(stack, owner):
    for number in (1, 2, 3):
        owner.publish("kept", code(number))
        for answer in pinned(stack, "kept@v1", "?x=1"):
            assert answer.json() == {"number": 1}
            assert answer.headers["x-wt-version"] == "v1"
    assert [answer.json() for answer in pinned(stack, "kept@v2", "/rest/of?the=url")] == [{"number": 2}] * 2
    assert [answer.json() for answer in pinned(stack, "kept%40v3")] == [{"number": 3}] * 2
    assert httpx.get(f"{stack.url}/api/run/acme/kept").json() == {"number": 3}


def test_the_code_sees_what_follows_the_pinned_name(stack, owner):
    owner.publish(
        "tells", "module.exports = (ctx, req, res) => res.end(JSON.stringify([req.url, ctx.query]))"
    )
    path, host = pinned(stack, "tells@v1", "/a/b?c=d")
    assert path.json() == ["/api/run/acme/tells@v1/a/b?c=d", {"c": "d"}]
    assert host.json() == ["/tells@v1/a/b?c=d", {"c": "d"}]


def test_an_unknown_version_is_an_unknown_webtask(stack, owner):
    owner.publish("known", code(1))
    for name in ("known@v2", "known@v999999999", "unknown@v1", "unknown"):
        for answer in pinned(stack, name):
            message = refused(answer, 404)
            assert message == f"unable to resolve jtn to webtask token: team acme has no webtask {name}"
    for name in ("known@v0", "known@v01", "known@latest"):
        assert "has no webtask" in refused(pinned(stack, name)[0], 404)


def test_no_webtask_is_named_like_a_version(owner):
    for name in ("hello@v12", "hello@draft"):
        answer = owner.api("POST", "", json={"name": name})
        assert (answer.status_code, answer.json()["id"]) == (400, "invalid")
    assert owner.api("POST", "", json={"name": "hello@work"}).status_code == 201


def test_a_version_has_todays_secrets(stack, owner):
    owner.publish("secretive", "module.exports = (ctx, cb) => cb(null, ctx.secrets)")
    owner.publish("secretive", code(2))
    assert pinned(stack, "secretive@v1")[0].json() == {}
    owner.api("PATCH", "/secretive/secrets", json={"secrets": {"KEY": "today's"}})
    assert pinned(stack, "secretive@v1")[0].json() == {"KEY": "today's"}


def test_the_guard_and_the_pause_are_for_versions_too(owner, people):
    webtask = Guarded(owner, "shut")
    owner.publish("shut", code(2))
    webtask.name = "shut@v1"
    assert webtask.send("before").json()["runs"] == 1
    owner.api("POST", "/shut/pause")
    assert "is paused by its team" in refused(webtask.send("paused"), 503)
    owner.api("POST", "/shut/resume")
    owner.api("PUT", "/shut/guard", json={"kind": "private", "secrets": []})
    assert "is private: send a token" in refused(webtask.send("nothing"), 401)
    assert webtask.send("outside", method="GET", cookie=session(people["outside"])).status_code == 403
    token, _ = issue(owner, "api", scopes=["webtask.run"])
    assert webtask.send("token", b"", **bearer(token)).json()["runs"] >= 1


def test_a_browser_is_led_to_the_console_and_back_to_the_version(stack, owner):
    owner.publish("shown", code(1))
    owner.publish("shown", code(2))
    owner.api("PUT", "/shown/guard", json={"kind": "private", "secrets": []})
    host = {"host": stack.team_host, "accept": "text/html"}
    at = f"http://127.0.0.1:{stack.port}"
    away = httpx.get(f"{at}/shown@v1/x?y=z", headers=host)
    assert away.status_code == 302
    assert away.headers["location"].startswith(f"{stack.url}/enter/acme/shown@v1?")
    back = owner.http.get(away.headers["location"], headers={"sec-fetch-site": "cross-site"})
    there = back.headers["location"].removeprefix(f"http://{stack.team_host}")
    assert there.startswith("/@enter/shown@v1?")
    state = away.headers["set-cookie"].partition(";")[0]
    entered = httpx.get(f"{at}{there}", headers={**host, "cookie": state})
    assert (entered.status_code, entered.headers["location"]) == (303, "/shown@v1/x?y=z")
    assert "Path=/shown@v1;" in entered.headers["set-cookie"]
    shown = entered.headers["set-cookie"].partition(";")[0]
    assert httpx.get(f"{at}/shown@v1/x?y=z", headers={**host, "cookie": shown}).json() == {"number": 1}


def test_versions_can_be_kept_from_having_urls(stack, owner):
    owner.publish("hidden", code(1))
    owner.publish("hidden", code(2))
    assert pinned(stack, "hidden@v1")[0].status_code == 200
    public = {"kind": "public", "secrets": []}
    assert owner.api("PUT", "/hidden/guard", json={**public, "pinned": False}).json()["pinned"] is False
    for version in (1, 2):
        assert "has no webtask hidden@v" in refused(pinned(stack, f"hidden@v{version}")[0], 404)
    assert httpx.get(f"{stack.url}/api/run/acme/hidden").json() == {"number": 2}
    assert owner.api("PUT", "/hidden/guard", json=public).json()["pinned"] is False, "it stays"
    ran = owner.api("POST", "/hidden/run", json={"version": 1}).json()
    assert (ran["body"], ran["label"]) == ('{"number":1}', "v1")
    owner.api("PUT", "/hidden/guard", json={**public, "pinned": True})
    assert pinned(stack, "hidden@v1")[0].json() == {"number": 1}


def test_deletion_ends_it_and_closes_its_connections(stack, owner):
    owner.publish(
        "gone",
        with_ws(
            "const server = new ws.WebSocketServer({ noServer: true });"
            "module.exports = (ctx, req, res) => req.headers.upgrade ?"
            " server.handleUpgrade(req, req.socket, Buffer.alloc(0), (one) => one.send('here')) : res.end('here');"
        ),
    )
    owner.publish("gone", code(2))
    with connect(f"ws://localhost:{stack.port}/api/run/acme/gone@v1") as socket:
        assert socket.recv(timeout=30) == "here"
        owner.publish("gone", code(3))
        assert pinned(stack, "gone@v1")[0].text == "here"
        assert owner.api("DELETE", "/gone").status_code == 204
        refused(pinned(stack, "gone@v1")[0], 404)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=30)


def test_a_request_that_is_not_waited_for_runs_in_its_version(stack, owner):
    owner.publish("later", "module.exports = (ctx, cb) => { console.log('the first'); cb(null, 1); }")
    owner.publish("later", code(2))
    taken = httpx.post(f"{stack.url}/api/run/acme/later@v1", headers={"prefer": "respond-async"})
    assert taken.status_code == 202, taken.text
    status = taken.headers["location"]
    told = ended(status)
    assert told["state"] == "done", told


def test_a_draft_is_its_authors(stack, owner, people):
    owner.publish("mine", code(1))
    draft(owner, "mine", code(7))
    token, _ = issue(owner, "api", scopes=["webtask.run", "webtask.code"])
    url = f"{stack.url}/api/run/acme/mine@draft"
    answer = httpx.get(url, headers=bearer(token))
    assert (answer.json(), answer.headers["x-wt-version"]) == ({"number": 7}, "draft")
    # Whoever has none gets what the editor would show them.
    owner.publish("mine", code(8))
    again = httpx.get(f"{url}/x?y=z", headers=bearer(token))
    assert (again.json(), again.headers["x-wt-version"]) == ({"number": 8}, "v2")


def test_a_draft_is_nobody_elses(stack, owner, people):
    owner.publish("closed", code(1))
    draft(owner, "closed", code(7))
    url = f"{stack.url}/api/run/acme/closed@draft"
    for name in ("closed@draft", "unknown@draft"):
        for answer in pinned(stack, name):
            assert "is for whoever shows their own token" in refused(answer, 401)
            assert answer.headers["www-authenticate"] == f'Bearer realm="acme/{name}"'
    assert "own token" in refused(httpx.get(url, headers={"cookie": session(owner)}), 401)
    for scopes in (["webtask.run"], ["webtask.code"]):
        token, _ = issue(owner, "api", scopes=scopes)
        assert "not authorized" in refused(httpx.get(url, headers=bearer(token)), 403)
    capability, _ = issue(owner, "webtask", scopes=["webtask.run", "webtask.code"])
    assert "a draft is for its author" in refused(httpx.get(url, headers=bearer(capability)), 403)
    token, jti = issue(owner, "api", scopes=["webtask.run", "webtask.code"])
    assert "URL" not in refused(httpx.get(f"{url}?key={token}"), 401)
    assert httpx.get(url, headers=bearer(token)).json() == {"number": 7}
    assert owner.api("DELETE", f"/../tokens/{jti}").status_code in (204, 404)


def test_code_does_not_see_the_token_that_its_draft_was_asked_for_with(stack, owner):
    owner.publish("blind", code(1))
    draft(owner, "blind", "module.exports = (ctx, req, res) => res.end(JSON.stringify(req.headers))")
    token, _ = issue(owner, "api", scopes=["webtask.run", "webtask.code"])
    answer = httpx.get(f"{stack.url}/api/run/acme/blind@draft", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    assert "authorization" not in answer.json()
    assert token not in answer.text


def test_a_run_says_how_long_its_parts_took(owner):
    owner.publish("timed", code(1))
    first = owner.api("POST", "/timed/run", json={}).json()
    assert set(first["timing"]) == {"ask", "queue", "start", "run"}
    assert all(value >= 0 for value in first["timing"].values())
    assert sum(first["timing"].values()) <= first["milliseconds"]
    assert not [name for name, _ in first["headers"] if name == "x-wt-timing"]
    assert "x-wt-timing" not in httpx.get(f"{owner.stack.url}/api/run/acme/timed").headers
