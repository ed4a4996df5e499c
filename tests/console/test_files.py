"""The files of a webtask beside its code: saved, published, restored and refused with it."""

import pytest

pytestmark = pytest.mark.django_db

CODE = 'module.exports = require("./lib/answer")'
FILES = {"lib/answer.js": "module.exports = cb => cb(null, 42)", "data.json": "{}"}


def saved(person, files=None, *, etag="", code=CODE):
    guard = {"if_match": f'"{etag}"'} if etag else {"if_none_match": "*"}
    body = {"code": code, "base": 1} | ({} if files is None else {"files": files})
    return person.put("/hello/draft", body, **guard)


def published(person, etag):
    return person.post("/hello/publish", {"message": "files", "etag": etag})


def test_files_are_published_with_the_code_and_come_back_with_it(alice, hello):
    answer = published(alice, saved(alice, FILES).json()["etag"])
    assert answer.status_code == 201, answer.content
    assert alice.get("/hello/versions/2").json()["files"] == FILES
    assert alice.get("/hello").json()["draft"]["files"] == FILES
    assert alice.post("/hello/versions/1/restore").status_code == 201
    assert alice.get("/hello/versions/3").json()["files"] == {}
    alice.post("/hello/versions/2/restore")
    again, first = (alice.get(f"/hello/versions/{number}").json() for number in (4, 2))
    assert (again["files"], again["digest"]) == (FILES, first["digest"])


def test_a_draft_that_is_saved_without_files_keeps_them(alice, hello):
    etag = saved(alice, FILES).json()["etag"]
    assert saved(alice, etag=etag, code="// other").json()["files"] == FILES


def test_other_files_are_another_draft(alice, hello):
    first = saved(alice, FILES).json()["etag"]
    second = saved(alice, {**FILES, "data.json": "[]"}, etag=first).json()["etag"]
    assert first != second
    stale = saved(alice, FILES, etag=first)
    assert (stale.status_code, stale.json()["current"]["files"]["data.json"]) == (412, "[]")


def test_files_begin_with_the_webtask(alice):
    made = alice.post("", {"name": "many", "code": CODE, "files": FILES})
    assert (made.status_code, made.json()["draft"]["files"]) == (201, FILES)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"../up.js": ""}, "cannot name a file"),
        ({"/root.js": ""}, "cannot name a file"),
        ({".hidden": ""}, "cannot name a file"),
        ({"a//b": ""}, "cannot name a file"),
        ({"a\nb": ""}, "cannot name a file"),
        ({"ä.js": ""}, "cannot name a file"),
        ({"x" * 201: ""}, "cannot name a file"),
        ({"hello.js": ""}, "own code"),
        ({"a": "", "a/b": ""}, "a file and a folder"),
        ({f"f{number}": "" for number in range(101)}, "more than 100"),
    ],
)
def test_what_cannot_be_a_file_is_told(alice, hello, files, says):
    answer = saved(alice, files)
    assert answer.status_code == 400
    assert says in answer.json()["detail"]


def test_the_limit_of_code_is_for_all_of_it(alice, hello):
    answer = saved(alice, {"big.txt": "x" * 1024 * 1024})
    assert (answer.status_code, answer.json()["id"]) == (413, "too-large")
