"""Endpoints 9 and 10 of the protocol: a webtask's document, as the published clients read and write it."""

import pytest

from console.accounts.models import AuditEvent
from console.storage.models import Document
from tests.console.client import Webtasks, refused

DATA = "webtask/acme/hello/data"


@pytest.fixture
def acme(people, hello):
    return Webtasks.of(people.team)


def test_an_empty_store_is_an_empty_object(acme):
    assert acme.get(DATA).json() == {"data": "{}", "etag": None}


def test_what_is_written_is_read(acme):
    written = acme.put(DATA, {"data": '{"a": "é"}'})
    assert written.status_code == 200
    assert acme.get(DATA).json() == {"data": '{"a": "é"}', **written.json()}


def test_without_an_etag_whatever_is_there_is_replaced(acme):
    acme.put(DATA, {"data": "1"})
    assert acme.put(DATA, {"data": "2"}).status_code == 200
    assert acme.get(DATA).json()["data"] == "2"


def test_an_etag_names_what_must_be_there(acme):
    first = acme.put(DATA, {"data": "1", "etag": None})
    etag = first.json()["etag"]
    assert acme.put(DATA, {"data": "2", "etag": etag}).status_code == 200
    for seen in (etag, None, "", "*"):
        assert "modified" in refused(acme.put(DATA, {"data": "3", "etag": seen}), 409)
    assert acme.get(DATA).json()["data"] == "2"


def test_the_console_sees_the_same(acme, alice):
    etag = acme.put(DATA, {"data": "[1]"}).json()["etag"]
    assert alice.get("/hello/storage").json()["etag"] == etag


def test_writing_null_empties_it(acme):
    acme.put(DATA, {"data": "1"})
    assert acme.put(DATA, {"data": "null"}).json() == {"etag": None}
    assert acme.get(DATA).json() == {"data": "{}", "etag": None}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"data": {"a": 1}}, 400),
        ({"data": None}, 400),
        ({"data": "{"}, 400),
        ({"data": ""}, 400),
        ({"data": "[" * 100_000}, 400),
        ({"data": "1", "etag": 5}, 400),
        ({"data": "1", "etags": "x"}, 400),
        ([], 400),
        ({"data": f'"{"x" * 512_000}"'}, 413),
    ],
)
def test_what_is_no_document_is_refused(acme, body, status):
    refused(acme.put(DATA, body), status)
    assert not Document.objects.exists()


@pytest.mark.parametrize("path", ["webtask/acme/none/data", "webtask/acme/%00/data"])
def test_a_webtask_that_is_not_there(acme, path):
    assert "unable to resolve jtn" in refused(acme.get(path), 404)
    refused(acme.put(path, {"data": "1"}), 404)


def test_other_methods_are_told_which_there_are(acme):
    answer = acme.delete(DATA)
    refused(answer, 405)
    assert answer["Allow"] == "GET, PUT, OPTIONS"


def test_a_token_of_another_container_and_none_at_all(people, acme):
    acme.put(DATA, {"data": "1"})
    strangers = [
        Webtasks(""),
        Webtasks("nonsense"),
        Webtasks.of(None, ten="chaos"),
        acme.child(ten="acme", jtnm=["other"]),
    ]
    for stranger in strangers:
        refused(stranger.get(DATA), 403)
        refused(stranger.put(DATA, {"data": "2"}), 403)
    assert Document.objects.get().text == "1"


def test_the_token_that_runs_the_webtask_reads_nothing(acme):
    running = next(item["token"] for item in acme.get("webtask/acme").json())
    refused(Webtasks(running).get(DATA), 403)


def test_a_token_for_this_name_may(acme):
    assert acme.child(ten="acme", jtnm=["hello"]).put(DATA, {"data": "1"}).status_code == 200


def test_it_goes_with_the_webtask(acme):
    acme.put(DATA, {"data": "1"})
    assert acme.delete("webtask/acme/hello").status_code == 204
    refused(acme.get(DATA), 404)
    assert not Document.objects.exists()


def test_the_audit_trail_names_the_token(acme):
    acme.put(DATA, {"data": '"private"'})
    event = AuditEvent.objects.get(action="storage.save")
    assert event.actor == f"token {event.token}"
    assert event.address == "127.0.0.1"
    assert event.detail["after"]["bytes"] == 9
