"""Bad input to the API: a problem (RFC 9457) with the right status, an id, and words that help."""

import json

import pytest
from django.test import Client

from tests.console.people import API


@pytest.fixture
def send(alice):
    def send(body: bytes, content_type="application/json", **extra):
        return alice.client.post(API, body, content_type=content_type, **extra)

    return send


def test_a_problem_has_the_members_of_the_standard(charlie, db):
    answer = charlie.get("/none")
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail", "id"}
    assert answer.json()["status"] == answer.status_code
    assert answer.json()["type"] == "urn:webtasks:absent"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"3", b'"x"', b"\xff\xfe"])
def test_a_body_that_is_not_a_json_object_is_refused(send, body):
    answer = send(body)
    assert (answer.status_code, answer.json()["id"]) == (400, "invalid")


def test_a_wrong_member_is_named(send):
    answer = send(b'{"name": 3.5, "cod": "x"}')
    assert answer.status_code == 400
    assert "cod" in answer.json()["errors"]


def test_a_missing_member_is_named(send):
    assert "name" in send(b"{}").json()["errors"]


def test_a_form_is_not_json(send):
    assert send(b"name=x", "application/x-www-form-urlencoded").status_code == 415


def test_a_body_over_the_limit_is_refused_by_its_length(send, settings):
    huge = json.dumps({"name": "x", "code": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}).encode()
    answer = send(huge)
    assert (answer.status_code, answer.json()["id"]) == (413, "too-large")


@pytest.mark.parametrize("rates", [False, 3, "day", ["day"], None])
def test_a_member_that_should_be_an_object_is_named(alice, rates):
    answer = alice.client.post(
        "/api/teams/acme/tokens", {"name": "x", "rates": rates}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "rates" in answer.json()["errors"]


def test_nothing_at_an_address_is_told_without_a_csrf_token():
    answer = Client(enforce_csrf_checks=True).post("/api/teams/ACME/webtasks", {})
    assert (answer.status_code, answer.json()["id"]) == (404, "absent")


def test_deep_nesting_is_refused(send):
    answer = send(b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["?limit=0", "?limit=x", "?limit=100000"])
def test_a_wrong_query_is_named(alice, query):
    answer = alice.get(query)
    assert answer.status_code == 400
    assert "limit" in answer.json()["errors"]


def test_another_method_is_told(alice):
    answer = alice.client.patch(API)
    assert (answer.status_code, answer.json()["id"]) == (405, "method-not-allowed")


@pytest.mark.parametrize(
    "path", ["/api/", "/api/nothing", "/api/teams/ACME/webtasks", "/api/teams/a/webtasks/%2F"]
)
def test_an_unknown_address_is_a_problem_too(alice, path):
    answer = alice.client.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_write_needs_the_csrf_token(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user)
    answer = client.post(API, {"name": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["id"]) == (403, "csrf")


def test_a_failure_nobody_foresaw_is_told_without_its_details(alice, monkeypatch, caplog):
    monkeypatch.setattr("console.api.webtasks.access_webtasks", lambda *_: 1 / 0)
    answer = alice.get()
    assert (answer.status_code, answer.json()["id"]) == (500, "failed")
    assert "division" not in answer.content.decode()
    assert "ZeroDivisionError" in caplog.text
