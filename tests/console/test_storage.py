"""A webtask's one document: through the API by people, through the executors' door by its code."""

import threading

import pytest
from django.db import connection
from django.test import Client

from console.accounts.models import AuditEvent
from console.accounts.roles import Role
from console.durable import durably
from console.problems import Absent
from console.storage.actions import Seen, save_document
from console.storage.models import Document
from console.storage.problems import Modified
from console.webtasks.models import Webtask
from executor.call import pack, read
from executor.contract import CALL_PATH

STORAGE = "/hello/storage"


@pytest.fixture
def put(alice, hello):
    """Stores a JSON text as a person does; without an etag whatever is there is replaced."""

    def put(data, **etag):
        return alice.put(STORAGE, {"data": data, **etag})

    return put


@pytest.fixture
def call(hello, settings):
    """Asks as the executor does for code of acme/hello; returns the result's line and text."""
    node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})

    def call(what, text="", *, where="team=acme&webtask=hello", **args):
        data = pack({"what": what, **args}, text.encode())
        answer = node.post(f"{CALL_PATH}?{where}", data, content_type="application/octet-stream")
        assert answer.status_code == 200, answer.content
        line, _, text = answer.content.partition(b"\n")
        head = read(line.replace(b"{", b'{"what":"",', 1) + b"\n").args
        return head, text.decode()

    return call


def test_nothing_is_stored_at_first(alice, hello):
    assert alice.get(STORAGE).json() == {
        "data": None,
        "etag": None,
        "bytes": 0,
        "limit": 500 * 1024,
        "saved_at": None,
    }


def test_what_is_stored_is_read_as_it_was_written(alice, put):
    text = '{ "ä": [1,  2.50, "\\ud83d"] }'
    saved = put(text).json()
    assert (saved["data"], saved["bytes"]) == (text, len(text.encode()))
    assert alice.get(STORAGE).json() == saved


def test_each_write_has_an_etag_of_its_own(put):
    assert len({put("1").json()["etag"] for _ in range(3)}) == 3


def test_only_what_was_seen_is_replaced(put):
    first = put("1", etag=None)
    assert first.status_code == 200
    second = put("2", etag=first.json()["etag"])
    assert second.status_code == 200
    for etag in (None, first.json()["etag"], "*"):
        answer = put("3", etag=etag)
        assert (answer.status_code, answer.json()["id"]) == (409, "modified")
        assert answer.json()["current"] == second.json()


def test_whoever_saw_something_where_nothing_is_hears_so(put):
    answer = put("1", etag="0123")
    assert (answer.status_code, answer.json()["current"]["data"]) == (409, None)


@pytest.mark.parametrize("text", ["", " ", "{", "undefined", "{'a': 1}", "NaN", "[1,]", "[" * 100_000, "nul"])
def test_what_is_no_json_is_refused(alice, put, text):
    assert put(text).status_code == 400
    assert alice.get(STORAGE).json()["data"] is None


@pytest.mark.parametrize("data", [None, 1, {}, ["x"]])
def test_the_document_is_sent_as_text(put, data):
    assert put(data).status_code == 400


def test_the_size_is_limited_by_the_webtasks_limit(alice, put):
    alice.patch("/hello/limits", {"storage_bytes": 2000})
    assert put(f'"{"x" * 1998}"').status_code == 200
    answer = put(f'"{"é" * 1000}"')
    assert (answer.status_code, "2,000" in answer.json()["detail"]) == (413, True)
    assert alice.get(STORAGE).json()["bytes"] == 2000


def test_null_deletes(alice, put):
    put("1")
    assert put("null").json()["data"] is None
    assert alice.get(STORAGE).json()["etag"] is None


def test_a_document_is_deleted_by_who_saw_it(alice, put):
    first = put("1").json()["etag"]
    second = put("2").json()["etag"]
    assert alice.delete(f"{STORAGE}?etag={first}").status_code == 409
    assert alice.delete(f"{STORAGE}?etag={second}").status_code == 204
    assert alice.delete(STORAGE).status_code == 204
    assert not Document.objects.exists()


def test_it_goes_with_its_webtask(put):
    put("1")
    Webtask.objects.all().delete()
    assert not Document.objects.exists()


def test_it_belongs_to_the_webtask_whatever_its_version(alice, put):
    put("1")
    alice.publish("hello", "second", base=1)
    assert alice.get(STORAGE).json()["data"] == "1"


def test_what_people_write_is_audited_without_what_it_was(put, alice, call):
    put('"private"')
    alice.delete(STORAGE)
    call("storage.set", "1")
    events = AuditEvent.objects.filter(action__startswith="storage.").order_by("id")
    assert [(event.action, event.actor, event.object) for event in events] == [
        ("storage.save", "alice@example.com", "hello"),
        ("storage.delete", "alice@example.com", "hello"),
    ]
    saved, deleted = events
    assert (saved.detail["before"], saved.detail["after"]["bytes"]) == ({}, 9)
    assert (deleted.detail["before"], deleted.detail["after"]) == (saved.detail["after"], {})
    assert "private" not in str([event.detail for event in events])


def test_an_operator_reads_and_a_developer_writes(people, put):
    put("1")
    assert people.bob(Role.VIEWER).get(STORAGE).status_code == 403
    assert people.bob(Role.OPERATOR).get(STORAGE).json()["data"] == "1"
    assert people.bob(Role.OPERATOR).put(STORAGE, {"data": "2"}).status_code == 403
    assert people.bob(Role.DEVELOPER).put(STORAGE, {"data": "2"}).status_code == 200


def test_a_stranger_learns_nothing(charlie, put):
    put("1")
    assert charlie.get(STORAGE).status_code == 404
    assert charlie.put(STORAGE, {"data": "2"}).status_code == 404
    assert charlie.delete(STORAGE).status_code == 404
    assert Document.objects.get().text == "1"


# -- by code ------------------------------------------------------------------------------------------------


def test_code_reads_what_people_write_and_they_what_it_writes(alice, put, call):
    etag = put("[1]").json()["etag"]
    assert call("storage.get") == ({"status": 200, "etag": etag}, "[1]")
    head, text = call("storage.set", "[2]", etag=etag)
    assert (head["status"], text) == (200, "")
    assert alice.get(STORAGE).json()["etag"] == head["etag"]


def test_code_finds_nothing_where_nothing_is(call):
    assert call("storage.get") == ({"status": 200, "etag": None}, "")


def test_code_hears_what_another_wrote(put, call):
    etag = put("[1]").json()["etag"]
    for seen in (None, "another", "*"):
        head, text = call("storage.set", "[2]", etag=seen)
        assert (head["status"], head["etag"], text) == (409, etag, "[1]")
        assert call("storage.set", "", etag=seen)[0]["status"] == 409


def test_code_writes_over_anything_when_it_says_nothing(put, call):
    put("[1]")
    assert call("storage.set", "[2]")[0]["status"] == 200
    assert call("storage.get")[1] == "[2]"
    assert call("storage.set", "") == ({"status": 200, "etag": None}, "")
    assert call("storage.get")[1] == ""


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"not json\n1", 400),
        (b'{"what":"storage.set"}\n{', 400),
        (b'{"what":"storage.set"}\n\xff', 400),
        (b'{"what":"storage.set"}\n' + b"[" * 100_000, 400),
        (b'{"what":"storage.set","etag":7}\n1', 400),
        (b'{"what":"storage.set","etag":["x"]}\n1', 400),
        (b'{"what":"storage.set"}\n"' + b"x" * 512_000 + b'"', 413),
        (b'{"what":"storage.drop"}\n', 404),
        (b'{"what":"__class__"}\n', 404),
    ],
)
def test_what_code_forges_is_refused(call, settings, data, status):
    node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})
    answer = node.post(f"{CALL_PATH}?team=acme&webtask=hello", data, content_type="x/y")
    assert answer.content.startswith(b'{"status":%d,' % status)
    assert not Document.objects.exists()


def test_ad_hoc_code_has_no_storage(call):
    head, _ = call("storage.get", where="team=acme&voucher=0123")
    assert (head["status"], head["message"]) == (400, "Only a webtask with a name has storage.")


@pytest.mark.parametrize(
    "where", ["team=acme&webtask=none", "team=nada&webtask=hello", "team=nada", "", "webtask=hello"]
)
def test_a_door_that_leads_nowhere(hello, settings, where):
    node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})
    assert node.post(f"{CALL_PATH}?{where}", b"", content_type="x/y").status_code == 404


def test_the_door_is_for_executors(alice, hello):
    for client in (alice.client, Client(), Client(headers={"authorization": "Bearer wrong"})):
        answer = client.post(f"{CALL_PATH}?team=acme&webtask=hello", b"", content_type="x/y")
        assert answer.status_code == 401


# -- at once, and for good ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [None, "there"])
def test_of_writers_who_saw_the_same_one_succeeds(hello, seen):
    webtask = Webtask.objects.select_related("team").get()
    sight = save_document(webtask, '"first"', seen=None).etag if seen else None  # type: ignore[union-attr]
    start, outcomes = threading.Barrier(4), []

    def write(number: int) -> None:
        start.wait()
        try:
            save_document(webtask, str(number), seen=sight)
            outcomes.append(number)
        except Modified:
            outcomes.append(-1)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    (winner,) = (number for number in outcomes if number >= 0)
    assert len(outcomes) == 4
    assert Document.objects.get().text == str(winner)


@pytest.mark.django_db(transaction=True)
def test_what_was_acknowledged_is_on_the_disk(hello):
    """SQLite's level 2 (FULL) flushes its log with each commit; 1 (NORMAL) leaves that to chance."""

    def level() -> int:
        with connection.cursor() as cursor:
            found: int = cursor.execute("PRAGMA synchronous").fetchone()[0]
        return found

    with durably():
        assert level() == 2
    assert level() == 1
    with pytest.raises(Modified), durably():
        raise Modified(Webtask.objects.select_related("team").get(), None)
    assert level() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [None, Seen.WHATEVER])
def test_a_webtask_that_goes_meanwhile_takes_its_document_along(hello, seen):
    webtask = Webtask.objects.select_related("team").get()
    Webtask.objects.all().delete()
    with pytest.raises(Absent):
        save_document(webtask, "1", seen=seen)
