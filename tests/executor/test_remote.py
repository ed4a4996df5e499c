"""Code that is not in the request: fixed by the token, or at a URL, against the real sandbox."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import jwt
import pytest

from tests.stack import ROOT, Stack

MODEL = "module.exports = function (ctx, cb) { cb(null, { %s }); }"
SEEN = (
    MODEL
    % "body: ctx.body, query: ctx.query, params: ctx.params, token: ctx.token, sent: ctx.headers.authorization"
)
_ISSUE = """
import json, sys
from console.accounts import tokens
from console.accounts.actions import issue_token
from console.accounts.audit import SYSTEM
from console.accounts.models import Team
from console.webtasks.actions import create_webtask
team = Team.objects.get(slug="acme")
def made(**claims):
    return tokens.sign(issue_token(team, "test", actor=SYSTEM, **claims).claims)
print(json.dumps(made(url=%(url)r, pctx={"a": "b"})))
print(json.dumps(made(lto=2, ltd=100)))
print(json.dumps(made(code=%(code)r, url=tokens.code_url("acme", "x"))))
"""


class Server(ThreadingHTTPServer):
    """Keeps code at a URL, and counts how often it is asked for it."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.code = MODEL % "url: 1"
        self.asked = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/code.js"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self):
        self.server.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.code.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A stack that may fetch from this host."""
    data = tmp_path_factory.mktemp("remote") / "data"
    stack = Stack.start(data, WEBTASKS_EGRESS_PRIVATE="127.0.0.1/32", WEBTASKS_POOL_SIZE="1")
    yield stack
    assert stack.stop() == 0, stack.log.read_text()[-4000:]


@pytest.fixture(scope="module")
def server():
    with Server() as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def tokens(own, server):
    """One that fixes code at a URL, one for two requests a month, one that fixes code of its own."""
    made = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "shell",
            "--no-imports",
            "-c",
            _ISSUE % {"url": server.url, "code": SEEN},
        ],
        cwd=ROOT,
        env={**os.environ, "WEBTASKS_DATA": str(own.data), "WEBTASKS_PORT": str(own.port)},
        check=True,
        capture_output=True,
        text=True,
    )
    return [line.strip('"') for line in made.stdout.strip().splitlines()[-3:]]


def test_a_tokens_own_code_reads_the_body_and_sees_its_token(own, tokens):
    answer = httpx.post(f"{own.url}/api/run/acme?key={tokens[2]}&x=1", json={"n": 1}, timeout=60)
    sent = httpx.post(f"{own.url}/api/run/acme", headers={"authorization": f"Bearer {tokens[2]}"}, timeout=60)
    assert sent.json()["sent"] == f"Bearer {tokens[2]}"
    assert answer.json() == {"body": {"n": 1}, "query": {"x": "1"}, "params": {}, "token": tokens[2]}


def test_a_token_of_a_url_runs_what_is_there_and_fetches_it_once(own, server, tokens):
    url = f"{own.url}/api/run/acme?key={tokens[0]}"
    before = server.asked
    assert [httpx.get(url, timeout=60).json() for _ in range(3)] == [{"url": 1}] * 3
    assert server.asked == before + 1
    server.code = MODEL % "url: 2"
    assert httpx.get(url).json() == {"url": 1}
    assert httpx.get(url + "&webtask_no_cachefoo=1").json() == {"url": 1}
    # Not sooner than a second after the last time.
    while httpx.get(url + "&webtask_no_cache=1").json() == {"url": 1}:
        pass
    assert httpx.get(url).json() == {"url": 2}


def test_any_token_runs_code_at_a_url_that_the_request_names(own, server):
    server.code = SEEN
    answer = httpx.post(
        f"{own.url}/api/run/acme",
        params={"webtask_url": f"{server.url}?seen", "y": "2"},
        headers={"authorization": f"Bearer {own.token}"},
        data={"form": "1"},
        timeout=60,
    )
    assert answer.json() == {"body": {"form": "1"}, "query": {"y": "2"}, "params": {}}


def test_the_token_is_shared_with_code_only_on_demand(own):
    code = MODEL % "token: ctx.token"
    assert own.adhoc(code).json() == {}
    assert own.adhoc(code, path="?webtask_share_token").json() == {"token": own.token}


def test_a_purge_has_it_fetched_again(own, server, tokens):
    url = f"{own.url}/api/run/acme?key={tokens[0]}"
    before = httpx.get(url, timeout=60).json()
    server.code = MODEL % "url: 4"
    assert httpx.get(url).json() == before
    purged = httpx.delete(f"{own.url}/api/cache/acme", headers={"authorization": f"Bearer {own.token}"})
    assert purged.status_code == 204
    assert httpx.get(url).json() == {"url": 4}


COMPILER = """
module.exports = (options, cb) => options.nodejsCompiler(
  `module.exports = cb => cb(null, { made: ${JSON.stringify(options.script.trim())} })`, cb);
"""


def test_a_webtask_may_have_its_code_its_compiler_and_its_domain_elsewhere(own, server):
    headers = {"authorization": f"Bearer {own.token}"}
    place = f"{own.url}/api/webtask/acme/elsewhere"
    server.code = COMPILER
    made = httpx.put(
        place,
        json={"code": "text", "meta": {"wt-compiler": f"{server.url}?compiler"}, "host": "tasks.example.com"},
        headers=headers,
        timeout=60,
    )
    assert made.status_code == 200, made.text
    domain = {"host": "tasks.example.com"}
    assert httpx.get(f"{own.url}/acme/elsewhere", headers=domain, timeout=60).json() == {"made": "text"}
    stranger = httpx.get(f"{own.url}/acme/elsewhere", headers={"host": "tasks.example.org"})
    assert (stranger.status_code, stranger.json()["message"][:17]) == (404, "tasks.example.org")
    server.code = "module.exports = (ctx, req, res) => res.end(`form ${req.x_wt.url_format} ${req.url}`)"
    assert (
        httpx.put(
            place,
            json={"url": f"{server.url}?domain", "host": "tasks.example.com"},
            headers=headers,
            timeout=60,
        ).status_code
        == 200
    )
    answer = httpx.get(f"{own.url}/acme/elsewhere/x?y=1", headers=domain, timeout=60)
    assert answer.text == "form 2 /acme/elsewhere/x?y=1"


def test_a_token_is_good_for_as_many_requests_as_it_says(own, tokens):
    headers = {"authorization": f"Bearer {tokens[1]}"}
    answers = [
        httpx.post(f"{own.url}/api/run/acme", content=MODEL % "x: 1", headers=headers) for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) <= 31 * 86_400
    assert "2 requests a month" in answers[2].json()["message"]
    jti = jwt.decode(tokens[1], options={"verify_signature": False})["jti"]
    left = httpx.get(f"{own.url}/api/limits/token/{jti}", headers=headers).json()
    assert (left["lto"], left["ltd"], left["lts"]) == (0, 98, 0)


def test_what_cannot_be_fetched_is_told(own, stack):
    def ask(where, url):
        headers = {"authorization": f"Bearer {where.token}"}
        answer = httpx.get(
            f"{where.url}/api/run/acme", params={"webtask_url": url}, headers=headers, timeout=60
        )
        return answer.status_code, answer.json()["message"]

    inside = ask(stack, f"http://127.0.0.1:{stack.port}/")
    assert inside == (400, "The code cannot be fetched: loopback address.")
    assert ask(own, "ftp://example.com/")[0] == 400
    many = {"wt-middleware": ",".join(f"{own.url}/{number}" for number in range(17))}
    headers = {"authorization": f"Bearer {own.token}"}
    httpx.put(
        f"{own.url}/api/webtask/acme/many", json={"code": "x", "meta": many}, headers=headers, timeout=60
    )
    answer = httpx.get(f"{own.url}/api/run/acme/many", timeout=60)
    assert (answer.status_code, "more than 16 URLs" in answer.json()["message"]) == (400, True)
    assert ask(own, f"{own.url}/nothing-here")[0] == 502
