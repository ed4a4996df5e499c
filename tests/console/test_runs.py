"""The Run button's request, from the API to the wire. What an executor makes of it is tested with the real one."""

import base64
import gzip

import pytest
from django.core import signing

from console.accounts.roles import Role
from console.webtasks import runs
from console.webtasks.models import Version, Webtask
from tests.console.wire import answer
from tests.stack import free_port


def test_the_request_is_sent_as_it_was_written(alice, hello, wire, settings):
    call = {"method": "POST", "path": "/x?q=a%20b", "headers": [["X-A", "1"], ["X-A", "2"]], "body": "é"}
    assert alice.post("/hello/run", call).status_code == 200
    assert wire.heard["line"] == "POST /api/run/acme/hello/x?q=a%20b HTTP/1.1"
    assert wire.heard["body"] == "é".encode()
    headers = [(name, value) for name, value in wire.heard["headers"] if name != "webtask-grant"]
    assert headers == [
        ("host", f"localhost:{settings.PORT}"),
        ("X-A", "1"),
        ("X-A", "2"),
        ("Content-Length", "2"),
    ]


def test_a_saved_draft_goes_along_as_a_grant(alice, hello, wire):
    alice.save("hello", "mine", base=1)
    alice.post("/hello/run", {})
    assert "webtask-grant" in dict(wire.heard["headers"])


def test_without_a_draft_the_live_version_runs(alice, hello, wire):
    alice.post("/hello/run", {})
    assert wire.heard["line"] == "GET /api/run/acme/hello HTTP/1.1"
    grant = signing.loads(dict(wire.heard["headers"])["webtask-grant"], salt="webtasks.grant")
    assert grant == {"webtask": Webtask.objects.get().pk}


def test_a_version_runs_when_it_is_named(alice, hello, wire):
    alice.publish("hello", "second", base=1)
    alice.save("hello", "mine", base=2)
    assert alice.post("/hello/run", {"version": 1}).status_code == 200
    grant = signing.loads(dict(wire.heard["headers"])["webtask-grant"], salt="webtasks.grant")
    assert grant["version"] == Version.objects.get(number=1).pk
    assert alice.post("/hello/run", {"version": 3}).status_code == 404
    assert alice.post("/hello/run", {"version": 0}).status_code == 400


def test_an_operator_runs_the_live_version(people, hello, wire):
    assert people.bob(Role.OPERATOR).post("/hello/run", {}).status_code == 200


@pytest.mark.parametrize(
    "name", ["Webtask-Grant", " webtask-grant ", "Host", "Content-Length", "Transfer-Encoding"]
)
def test_what_belongs_to_us_cannot_be_written(alice, hello, wire, name):
    alice.post("/hello/run", {"headers": [[name, "forged"]]})
    assert "forged" not in dict(wire.heard["headers"]).values()


def test_the_answer_is_told_whole(alice, hello, wire):
    headers = [
        "X-B: 1",
        "X-B: 2",
        "x-wt-invocation: i1",
        "x-wt-version: draft",
        "x-wt-response-source: webtask",
    ]
    wire.answer = answer(b"no", *headers, status="418 I'm a teapot")
    told = alice.post("/hello/run", {}).json()
    assert (told["status"], told["reason"], told["body"]) == (418, "I'm a teapot", "no")
    assert (told["invocation"], told["label"], told["source"]) == ("i1", "draft", "webtask")
    assert [value for name, value in told["headers"] if name == "X-B"] == ["1", "2"]
    assert (told["body_encoding"], told["truncated"]) == ("utf-8", False)


def test_a_body_that_is_not_text_comes_in_base64(alice, hello, wire):
    wire.answer = answer(b"\xff\x00")
    told = alice.post("/hello/run", {}).json()
    assert (told["body_encoding"], base64.b64decode(told["body"])) == ("base64", b"\xff\x00")


def test_a_compressed_body_is_told_as_sent(alice, hello, wire):
    """Inflating here would let a small answer grow without bound."""
    bomb = gzip.compress(b"0" * 10_000_000)
    wire.answer = answer(bomb, "content-encoding: gzip")
    told = alice.post("/hello/run", {}).json()
    assert base64.b64decode(told["body"]) == bomb


def test_a_long_body_is_cut_and_said_to_be(alice, hello, wire):
    wire.answer = answer(b"x" * (runs.MAX_BODY + 1))
    told = alice.post("/hello/run", {}).json()
    assert (len(told["body"]), told["truncated"]) == (runs.MAX_BODY, True)


def test_redirects_are_told_not_followed(alice, hello, wire):
    wire.answer = answer(b"", "location: http://127.0.0.1/elsewhere", status="302 Found")
    assert alice.post("/hello/run", {}).json()["status"] == 302


def test_an_executor_that_is_not_there(alice, hello, settings):
    settings.EXECUTOR_URL = f"http://127.0.0.1:{free_port()}"
    told = alice.post("/hello/run", {})
    assert (told.status_code, told.json()["id"]) == (502, "executor-unreachable")
    assert settings.EXECUTOR_URL in told.json()["detail"]


@pytest.mark.parametrize("reply", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"])
def test_an_executor_that_breaks_off(alice, hello, wire, reply):
    wire.answer = reply
    assert alice.post("/hello/run", {}).status_code == 502


@pytest.mark.parametrize(
    "call",
    [
        {"path": "x"},
        {"path": "/a b"},
        {"path": "/\r\nX: y"},
        {"path": "@evil.com/"},
        {"method": "get"},
        {"method": "A B"},
        {"headers": [["a", "b", "c"]]},
        {"headers": [["a b", "c"]]},
        {"headers": [["é", "c"]]},
        {"headers": [["a", "€"]]},
        {"headers": [["a", "b\r\nX-Y: z"]]},
        {"headers": [["", "b"]]},
        {"headers": {"a": "b"}},
        {"body": 3},
        {"body": "\ud800"},
    ],
)
def test_a_request_that_cannot_be_sent_is_refused(alice, hello, wire, call):
    refused = alice.post("/hello/run", call)
    assert (refused.status_code, refused.json()["id"]) == (400, "invalid")


def test_the_path_stays_on_the_executor(alice, hello, wire):
    alice.post("/hello/run", {"path": "/../../../t/acme"})
    assert wire.heard["line"] == "GET /api/run/acme/hello/../../../t/acme HTTP/1.1"
