"""A secret's value in all that code says and does, on the real stack: nowhere in what is kept or shown of it."""

import base64
import json
import sqlite3
from contextlib import closing

import httpx
import pytest

from tests.stack import DATABASE, Member, Stack
from tests.tail import line_with, lines, watch

NAME = "leaky"
VALUE = 'p+s/w=r d"s3cret-tail'
HOST = "Tenant-s3cret-tail"
PEM = "-----BEGIN KEY-----\nfirst-s3cret-tail\nsecond-s3cret-tail\n-----END KEY-----\n"
OBJECT = json.dumps({"client": {"key": "deep-s3cret-tail"}})
# Ends what each of the values has in common.
TAIL = "s3cret-tail"

LEAKY = """
const fs = require('fs');
const { URLSearchParams } = require('url');
const ways = {
  text: (v) => console.log('a', v, 'b'),
  object: (v) => console.error({ deep: { value: v } }),
  json: (v) => console.warn(JSON.stringify({ value: v })),
  twice: (v) => console.log(JSON.stringify({ body: JSON.stringify({ value: v }) })),
  percent: (v) => console.log(encodeURIComponent(v)),
  plus: (v) => console.log(new URLSearchParams({ value: v }).toString()),
  base64: (v) => console.log(Buffer.from(v).toString('base64'), Buffer.from('user:' + v).toString('base64')),
  base64url: (v) => console.log(Buffer.from(v).toString('base64url')),
  pieces: (v) => { process.stdout.write('a ' + v.slice(0, 9)); process.stdout.write(v.slice(9) + ' b\\n'); },
  descriptors: (v) => { for (const fd of [1, 2]) for (const part of ['c ', v.slice(0, 9), v.slice(9), ' d\\n']) fs.writeSync(fd, part); },
  warning: (v) => process.emitWarning('about ' + v),
};
module.exports = (ctx, cb) => {
  const { way, name } = ctx.query, value = ctx.secrets[name || 'KEY'];
  if (way === 'reject') return Promise.reject(new Error('about ' + value));
  if (way === 'uncaught') return setTimeout(() => { throw new Error('about ' + value); });
  if (way === 'exit') { console.error(new Error(value).stack); return process.abort(); }
  if (way === 'connect') return fetch('http://' + value + '.example.org/').catch(() => cb(null, 'no'));
  if (way === 'leaf') { console.log(JSON.parse(value).client); return cb(null, 'said'); }
  if (ways[way]) ways[way](value);
  cb(null, way ? 'said' : value);
};
"""


@pytest.fixture(scope="module", autouse=True)
def leaky(owner: Member) -> None:
    owner.publish(NAME, LEAKY)
    secrets = {"KEY": VALUE, "HOST": HOST, "PEM": PEM, "OBJECT": OBJECT, "SHORT": "s3cre"}
    told = owner.api("PATCH", f"/{NAME}/secrets", json={"secrets": secrets})
    assert told.json()["unredacted"] == ["SHORT"]
    # What it may not connect to is told of; nothing is ever looked up.
    owner.api("PUT", f"/{NAME}/egress/rules", json={"rules": ["example.com:443"]})


@pytest.fixture
def call(stack: Stack):
    def call(way: str, name: str = "KEY", path: str = "") -> httpx.Response:
        url = f"{stack.url}/api/run/acme/{NAME}{path}"
        return httpx.get(url, params={"way": way, "name": name} if way else {}, timeout=60)

    return call


@pytest.fixture
def say(call, owner):
    """The line that a call logs."""

    def say(way: str, name: str = "KEY") -> str:
        with watch(owner, f"webtask:acme/{NAME}") as socket:
            answer = call(way, name)
            assert answer.text == '"said"'
            (line,) = lines(socket, 1, invocation=answer.headers["x-wt-invocation"])
            return str(line["text"])

    return say


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("text", "a [secret KEY] b"),
        ("object", "{ deep: { value: '[secret KEY]' } }"),
        ("json", '{"value":"[secret KEY]"}'),
        ("twice", '{"body":"{\\"value\\":\\"[secret KEY]\\"}"}'),
        ("percent", "[secret KEY]"),
        ("plus", "value=[secret KEY]"),
        ("base64url", "[secret KEY]"),
        ("pieces", "a [secret KEY] b"),
        ("warning", "Warning: about [secret KEY]"),
    ],
)
def test_whatever_way_it_is_printed(say, way, told):
    assert say(way) == told


def test_on_the_bare_descriptors_in_pieces(call, owner):
    with watch(owner, f"webtask:acme/{NAME}") as socket:
        call("descriptors")
        told: set[str] = set()
        while told != {"info", "error"}:
            told |= {line["level"] for line in lines(socket, 1) if line["text"] == "c [secret KEY] d"}


def test_the_base64_of_something_longer(say):
    text = say("base64")
    assert text.count("[secret KEY]") == 2
    assert base64.b64encode(TAIL.encode()).decode()[4:12] not in text


@pytest.mark.parametrize("way", ["reject", "uncaught", "exit"])
def test_an_error_that_nobody_handles(call, owner, way):
    with watch(owner, f"webtask:acme/{NAME}") as socket:
        call(way)
        assert TAIL not in line_with(socket, "[secret KEY]")["text"]


def test_lines_of_a_key_and_leaves_of_an_object(say):
    assert say("text", "PEM") == "a [secret PEM] b"
    assert say("object", "PEM").count("[secret PEM]") == 2
    assert say("leaf", "OBJECT") == "{ key: '[secret OBJECT]' }"


def test_code_that_breaks_while_it_loads(owner, stack):
    owner.publish("leaky-load", "module.exports = cb => cb()")
    owner.api("PATCH", "/leaky-load/secrets", json={"secrets": {"KEY": VALUE}})
    with watch(owner, "webtask:acme/leaky-load") as socket:
        owner.publish("leaky-load", f"throw new Error({json.dumps(VALUE)});")
        httpx.get(f"{stack.url}/api/run/acme/leaky-load")
        assert TAIL not in line_with(socket, "[secret KEY]")["text"]


def test_the_path_of_a_request(call, owner):
    with watch(owner, f"webtask:acme/{NAME}") as socket:
        wanted = {
            call("text", path=path).headers["x-wt-invocation"]
            for path in ("/a/p%2Bs/w=r%20d%22s3cret-tail/b",)
        }
        wanted.add(call("text", path="/a/%70%2b%73%2Fw%3Dr%20d%22%733cret-tail/b").headers["x-wt-invocation"])
        told: dict[str, str] = {}
        while told.keys() < wanted:
            message = json.loads(socket.recv(timeout=20))
            told |= {one["id"]: one["path"] for one in message.get("invocations", []) if one["id"] in wanted}
    assert set(told.values()) == {"/a/[secret KEY]/b"}


def test_the_host_that_it_connects_to(call, owner):
    with watch(owner, f"webtask:acme/{NAME}") as socket:
        invocation = call("connect", "HOST").headers["x-wt-invocation"]
        assert "[secret HOST].example.org" in line_with(socket, "network:")["text"]
    calls = owner.api("GET", f"/{NAME}/egress", params={"invocation": invocation}).json()
    assert {one["host"] for one in calls} == {"[secret HOST].example.org"}


def test_the_stream_of_the_published_clients(call, stack):
    url = f"{stack.url}/api/logs/tenant/acme?key={stack.token}"
    with httpx.stream("GET", url, headers={"accept": "text/event-stream"}, timeout=30) as stream:
        pieces = stream.iter_raw()
        assert next(pieces) == b":connected\n\n"
        call("text")
        said = next(piece for piece in pieces if b"[secret KEY]" in piece)
        assert TAIL.encode() not in said


def test_ad_hoc_code_whose_token_holds_the_secret(stack):
    admin = {"authorization": f"Bearer {stack.token}"}
    token = httpx.post(f"{stack.url}/api/tokens/issue", json={"ectx": {"KEY": VALUE}}, headers=admin).text
    url = f"{stack.url}/api/logs/tenant/acme?key={stack.token}"
    with httpx.stream("GET", url, headers={"accept": "text/event-stream"}, timeout=30) as stream:
        pieces = stream.iter_raw()
        assert next(pieces) == b":connected\n\n"
        code = "module.exports = (ctx, cb) => { console.log('adhoc', ctx.secrets.KEY); cb(null, ctx.secrets.KEY); }"
        answer = httpx.post(
            f"{stack.url}/api/run/acme", content=code, headers={"authorization": f"Bearer {token}"}
        )
        assert answer.json() == VALUE
        assert TAIL.encode() not in next(piece for piece in pieces if b"adhoc [secret KEY]" in piece)


def test_answers_are_the_webtasks_own(call, owner):
    assert call("").json() == VALUE
    run = owner.api("POST", f"/{NAME}/run", json={"method": "GET", "path": "", "headers": [], "body": ""})
    assert json.loads(run.json()["body"]) == VALUE


def test_after_all_of_this_no_file_of_the_server_holds_it(stack, call):
    """Last: of what the tests before it made the server keep."""
    call("text")
    with closing(sqlite3.connect(stack.data / DATABASE)) as rows:
        tables = [name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        told = {table: str(rows.execute(f'SELECT * FROM "{table}"').fetchall()) for table in tables}
    # What people wrote as code they can read, and nobody asked for it to be hidden.
    codes = {"webtasks_version", "webtasks_draft", "accounts_token"}
    assert [table for table, text in told.items() if TAIL in text and table not in codes] == []
    assert "[secret KEY]" in told["webtasks_logline"]
    assert TAIL not in stack.log.read_text()
